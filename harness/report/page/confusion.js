// What is taken for what: a matrix whose cells open the list of their clips.

// How often a row predicted each class for each item: over trainings and repeats.
function countsByItem(data, row) {
  const items = data.lists[row.items];
  const out = new Map();
  items.forEach((item, k) => {
    if (!out.has(item)) out.set(item, new Map());
    const counts = out.get(item);
    counts.set(row.predicted[k], (counts.get(row.predicted[k]) || 0) + 1);
  });
  return out;
}

// "rock", or "rock (2 of 3), pop (1 of 3)".
function predictionText(counts, classes) {
  const all = [...counts.entries()].sort((a, b) => b[1] - a[1]);
  const total = all.reduce((sum, each) => sum + each[1], 0);
  if (all.length === 1) return classes[all[0][0]];
  return all.map(([k, n]) => `${classes[k]} (${n} of ${total})`).join(", ");
}

function predictionsOf(view, byRow, item, truth) {
  return element("div", {}, element("div", {class: "small"}, "true: ", element("strong", {}, view.classes[truth])),
    element("ul", {class: "predictions small"}, view.rows.map((row, k) => {
      const counts = byRow[k].get(item);
      if (!counts) return null;
      const right = counts.size === 1 && counts.has(truth);
      return element("li", {}, encoderKey(row.encoder), " ", element("span", {class: right ? null : "wrong"},
        `${right ? "✓" : "✗"} ${predictionText(counts, view.classes)}`));
    })));
}

function clipsOfCell(data, view, row, truth, predicted, byRow) {
  const items = data.lists[row.items], truths = data.lists[row.truth];
  const found = [];
  const seen = new Set();
  items.forEach((item, k) => {
    if (truths[k] !== truth || row.predicted[k] !== predicted || seen.has(item)) return;
    seen.add(item);
    found.push(item);
  });
  const words = truth === predicted ? `of ${view.classes[truth]}, predicted right` : `of ${view.classes[truth]}, taken for ${view.classes[predicted]}`;
  return element("div", {}, element("h3", {tabindex: -1}, `${found.length} ${found.length === 1 ? "clip" : "clips"} ${words} by ${lookOf(row.encoder).name}`),
    longList(found.length, (k) => clipItem(view.dataset, found[k], predictionsOf(view, byRow, found[k], truth))));
}

function confusionMatrix(data, view, row, place) {
  const n = view.classes.length;
  const byRow = view.rows.map((each) => countsByItem(data, each));
  const totals = view.classes.map((_, i) => row.counts.slice(i * n, (i + 1) * n).reduce((a, b) => a + b, 0));
  let pressed = null;
  const cell = (i, j) => {
    const count = row.counts[i * n + j];
    if (count === 0) return element("td", {}, element("span", {class: "cell zero"}, "0"));
    const share = count / totals[i];
    const button = element("button", {type: "button", "aria-pressed": "false",
      "aria-label": `${count}: ${view.classes[i]} predicted as ${view.classes[j]}`, onclick: () => {
        if (pressed) pressed.setAttribute("aria-pressed", "false");
        pressed = button;
        button.setAttribute("aria-pressed", "true");
        place.replaceChildren(clipsOfCell(data, view, row, i, j, byRow));
      }}, String(count));
    const out = element("td", {}, button);
    out.style.background = `rgba(var(--heat), ${(share * .55).toFixed(3)})`;
    return withTipOf(out, button, () => [`${view.classes[i]} predicted as ${view.classes[j]}`, `${count} of ${totals[i]} predictions (${(100 * share).toFixed(1)} %)`, "Click for the clips"]);
  };
  return element("div", {class: "scroll", tabindex: 0, role: "group", "aria-label": "Confusion matrix"},
    element("table", {class: "matrix confusion"}, element("caption", {class: "soft small"}, "Rows: true class; columns: predicted. A cell opens its clips."),
      element("thead", {}, element("tr", {}, element("td"), view.classes.map((name) => element("th", {scope: "col"}, shortened(name, 28))))),
      element("tbody", {}, view.classes.map((name, i) => element("tr", {}, element("th", {scope: "row"}, shortened(name, 28)), view.classes.map((_, j) => cell(i, j)))))));
}

// The tip of a cell, also where its button has the focus.
function withTipOf(cell, button, lines) {
  cell.addEventListener("mouseenter", () => tip.show(button, lines()));
  cell.addEventListener("mouseleave", () => tip.hide());
  button.addEventListener("focus", () => tip.show(button, lines()));
  button.addEventListener("blur", () => tip.hide());
  return cell;
}

drawers.confusion = (block, data) => {
  const matrix = element("div"), place = element("div", {"aria-live": "polite"}), encoderPlace = element("span");
  let view = data.views[0], row = view.rows[0];
  const update = () => {
    place.replaceChildren();
    matrix.replaceChildren(confusionMatrix(data, view, row, place));
  };
  const encoders = () => encoderPlace.replaceChildren(chooser("Encoder", view.rows.map((each) => lookOf(each.encoder).name), (k) => {
    row = view.rows[k];
    update();
  }));
  const names = data.views.map((each) => `${each.task}, ${each.protocol}${each.target === each.task ? "" : `: ${each.target}`}`);
  block.append(element("div", {class: "tools"}, chooser("Task, protocol", names, (k) => {
    view = data.views[k];
    row = view.rows[0];
    encoders();
    update();
  }), encoderPlace), matrix, place);
  encoders();
  update();
};
