// Scores: intervals on a common axis, and a table that can be sorted and filtered.

// What is shown of a row: more than the table has room for.
function rowLines(table, row) {
  const title = `${lookOf(row.encoder).name} on ${table.task} under ${table.protocol}`;
  if (row.failure) return [title, `No score: ${row.failure}`];
  return [title, `${table.metric} ${score(row.score)}, 95 % interval ${interval(row.low, row.high)}`,
    ...row.targets.map((target) => `${target.name}: ${target.text}`),
    `Test: ${row.test}`, row.baseline,
    `${row.n} items, ${row.trainings === 1 ? "1 training" : `${row.trainings} trainings`}, dimension ${row.dim}`,
    row.interval ? `Interval: ${row.interval}` : "",
    `Data set ${row.dataset}, protocol ${table.version}, encoder ${row.kind}, embeddings ${row.embeddings || "–"}`,
    row.publishedDifference ? `Published ${score(row.published)}; ours is ${row.publishedDifference} from it` : "",
    row.published !== undefined && row.caveat ? `Published ${score(row.published)}: ${row.caveat}` : "",
    row.run ? `Run: ${row.run}` : ""];
}

function point(table, row) {
  const comparable = row.published !== undefined && !row.caveat;
  return {encoder: row.encoder, score: row.score, low: row.low, high: row.high,
    published: comparable ? row.published : null, lines: () => rowLines(table, row)};
}

// One panel a table; where an encoder is under many protocols, one panel with a row a protocol.
function scorePanels(tables) {
  const out = [];
  // Several runs may have a task of one name on other data: those are panels of their own.
  const groundOf = (table) => `${table.task}\n${table.data || ""}`;
  for (const ground of unique(tables.map(groundOf))) {
    const of = tables.filter((table) => groundOf(table) === ground);
    const task = of[0].task;
    const good = (table) => table.rows.filter((row) => !row.failure && row.score !== null);
    const all = of.flatMap((table) => good(table).map((row) => point(table, row)));
    if (!all.length) continue;
    const constants = of.map((table) => table.constant).filter((v) => v !== null && v !== undefined);
    const domain = ends([...all.flatMap((p) => [p.score, p.low, p.high, p.published]), ...constants]);
    // An interval of r2 can reach far below 0: the scores are then what the axis is for.
    const least = Math.min(...all.map((p) => p.score), ...constants);
    const span = Math.max(...all.map((p) => p.score)) - least;
    domain[0] = Math.max(domain[0], least - 1.5 * span - .05);
    const encoders = unique(all.map((p) => p.encoder));
    const constantRow = (values) => ({label: "best constant", soft: true, points: [], marks: unique(values).sort((a, b) => a - b)});
    if (of.length >= 3 && encoders.length <= 5) {
      const rows = of.filter((table) => good(table).length).map((table) => ({label: table.protocol, constant: table.constant,
        points: encoders.flatMap((name) => good(table).filter((row) => row.encoder === name).map((row) => point(table, row)))}));
      if (constants.length) rows.push(constantRow(constants));
      out.push(intervalPlot({title: `${task}: ${of[0].metric} under each protocol`, rows, domain, axis: of[0].metric}));
      continue;
    }
    for (const table of of) {
      const rows = good(table).map((row) => ({label: lookOf(row.encoder).name, constant: table.constant, points: [point(table, row)]}));
      if (!rows.length) continue;
      if (table.constant !== null) rows.push(constantRow([table.constant]));
      out.push(intervalPlot({title: `${task}, ${table.protocol}`, rows, domain, axis: table.metric}));
    }
  }
  return out;
}

function legend(encoders) {
  return element("ul", {class: "legend"}, encoders.map((label) => element("li", {}, encoderKey(label))));
}

// The cells of one row, and the row of its notes.
function scoreRow(table, row, several, anyPublished) {
  const good = !row.failure;
  const notes = row.notes.concat(good && row.chosen.length ? [`Chosen parameters: ${row.chosen.join("; ")}`] : []);
  const below = element("tr", {hidden: true, "data-below": ""},
    element("td", {colspan: 9 + (several ? 1 : 0) + (anyPublished ? 1 : 0)}, element("ul", {}, notes.map((note) => element("li", {}, note)))));
  const opener = notes.length
    ? element("button", {type: "button", class: "small", "aria-expanded": "false", "aria-label": `${notes.length} notes on ${lookOf(row.encoder).name}, ${table.task}, ${table.protocol}`,
        onclick: (event) => {
          below.hidden = !below.hidden;
          event.currentTarget.setAttribute("aria-expanded", String(!below.hidden));
        }}, `${notes.length}`)
    : null;
  const published = row.published === undefined ? "–"
    : `${score(row.published)}${row.publishedDifference ? ` (${row.publishedDifference})` : " not comparable"}`;
  const scoreCell = good
    ? element("td", {class: row.best ? "number best" : "number", "data-value": row.score, tabindex: 0}, score(row.score))
    : element("td", {class: "failed", "data-value": "", tabindex: 0}, "failed");
  withTip(scoreCell, () => rowLines(table, row));
  const cells = [element("td", {}, table.task), element("td", {}, table.protocol),
    element("td", {"data-label": row.encoder}, encoderKey(row.encoder)), scoreCell,
    element("td", {}, good ? interval(row.low, row.high) : shortened(row.failure, 160)),
    element("td", {}, good && row.letters ? row.letters : "–"), anyPublished ? element("td", {}, published) : null,
    element("td", {class: "number"}, good ? String(row.n) : "–"),
    element("td", {class: "number"}, good ? String(row.trainings) : "–"),
    several ? element("td", {}, row.run || "–") : null, element("td", {}, opener)];
  const main = element("tr", {"data-row": ""}, cells);
  main.addEventListener("mouseenter", () => tip.show(scoreCell, rowLines(table, row)));
  main.addEventListener("mouseleave", () => tip.hide());
  return [main, below];
}

drawers.scores = (block, data) => {
  const several = data.tables.some((table) => table.rows.some((row) => row.run));
  const choice = {task: "", protocol: "", encoder: ""};
  const plots = element("div", {class: "plots"});
  const legendPlace = element("div");
  const count = element("p", {class: "soft small", role: "status"});
  const anyPublished = data.tables.some((table) => table.rows.some((row) => row.published !== undefined));
  const heads = ["Task", "Protocol", "Encoder", "Score", "95 % interval", "Group", ...(anyPublished ? ["Published (difference)"] : []), "n", "Trainings",
    ...(several ? ["Run"] : []), "Notes"];
  const ofNumbers = ["Score", "n", "Trainings"];
  const body = element("tbody");
  const table = element("table", {class: "scores"},
    element("thead", {}, element("tr", {}, heads.map((head) => element("th", {scope: "col", class: ofNumbers.includes(head) ? "number" : null}, head)))), body);
  const all = [];
  for (const each of data.tables) {
    for (const row of each.rows) {
      row.best = row === each.rows[0] && !row.failure;
      const [main, below] = scoreRow(each, row, several, anyPublished);
      body.append(main, below);
      all.push({table: each, row, main, below});
    }
  }
  const wanted = (each, row) => (!choice.task || each.task === choice.task) && (!choice.protocol || each.protocol === choice.protocol) &&
    (!choice.encoder || `${row.encoder} ${lookOf(row.encoder).name}`.toLowerCase().includes(choice.encoder));
  const update = () => {
    let n = 0;
    for (const each of all) {
      const shown = wanted(each.table, each.row);
      each.main.hidden = !shown;
      if (!shown) each.below.hidden = true;
      n += shown ? 1 : 0;
    }
    count.textContent = `${n} of ${all.length} rows`;
    const kept = data.tables.map((each) => ({...each, rows: each.rows.filter((row) => wanted(each, row))})).filter((each) => each.rows.length);
    plots.replaceChildren(...scorePanels(kept));
    legendPlace.replaceChildren(legend(unique(kept.flatMap((each) => each.rows.map((row) => row.encoder)))));
  };
  const filter = (name, key) => {
    const values = unique(data.tables.map((each) => each[key]));
    return chooser(name, ["all", ...values], (k) => { choice[key] = k === 0 ? "" : values[k - 1]; update(); });
  };
  const search = element("label", {}, "Encoder", element("input", {type: "search", oninput: (event) => {
    choice.encoder = event.currentTarget.value.trim().toLowerCase();
    update();
  }}));
  block.append(element("div", {class: "tools"}, filter("Task", "task"), filter("Protocol", "protocol"), search), plots, legendPlace,
    element("p", {class: "soft small"}, "Lines: 95 % intervals. Dashed: the best constant prediction. Upright bar: the published score, where it can be compared. "
      + "The mouse or the Tab key on a score shows what it is based on."),
    count, element("div", {class: "scroll"}, table),
    element("p", {class: "soft small"}, "Bold: the highest score of its task and protocol. Encoders that share a letter of their group do not differ significantly."));
  makeSortable(table);
  update();
};
