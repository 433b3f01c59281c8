// Who differs from whom: groups that do not differ, joined by bars, and every pair in a matrix.

function groupPicture(table) {
  const rows = table.rows;
  const letters = unique(rows.flatMap((row) => [...row.letters])).sort();
  const width = 560, lineHeight = 22, top = 8, names = 24 + letters.length * 14;
  const longest = Math.min(26, Math.max(...rows.map((row) => lookOf(row.encoder).name.length)));
  const left = names + Math.max(132, longest * 6.8 + 16), bottom = top + rows.length * lineHeight;
  const domain = ends(rows.map((row) => row.score));
  const x = linear(domain[0], domain[1], left, width - 60);
  const picture = shape("svg", {class: "plot", viewBox: `0 0 ${width} ${bottom + 40}`, role: "img",
    "aria-label": `${table.task}, ${table.protocol}: ${rows.map((row) => `${lookOf(row.encoder).name} ${score(row.score)} group ${row.letters || "none"}`).join("; ")}`});
  const middle = (k) => top + (k + .5) * lineHeight;
  for (const tick of ticks(domain[0], domain[1], 4)) {
    picture.append(shape("line", {class: "grid", x1: x(tick), x2: x(tick), y1: top, y2: bottom}),
      shape("text", {x: x(tick), y: bottom + 16, "text-anchor": "middle", class: "soft"}, tickText(tick)));
  }
  picture.append(shape("text", {x: (left + width - 60) / 2, y: bottom + 34, "text-anchor": "middle", class: "soft"}, table.metric));
  letters.forEach((letter, g) => {
    const members = rows.map((row, k) => row.letters.includes(letter) ? k : -1).filter((k) => k >= 0);
    const at = 14 + g * 14;
    picture.append(shape("path", {d: `M${at},${middle(members[0]) - 6}V${middle(members[members.length - 1]) + 6}`, stroke: "var(--soft)", "stroke-width": 1.5}));
    for (const k of members) picture.append(shape("path", {d: `M${at},${middle(k) - 7}v14`, stroke: "var(--ink)", "stroke-width": 6}));
  });
  rows.forEach((row, k) => {
    const look = lookOf(row.encoder);
    picture.append(shape("text", {x: names, y: middle(k) + 4}, shortened(look.name, 26)),
      marker(look, x(row.score), middle(k), 5), shape("text", {x: x(row.score) + 10, y: middle(k) + 4, class: "soft"}, score(row.score)));
  });
  return element("figure", {}, element("figcaption", {}, `${table.task}, ${table.protocol}`), picture);
}

function pairMatrix(table) {
  const names = table.rows.map((row) => row.encoder);
  const pairs = new Map();
  for (const pair of table.pairs) {
    pairs.set(`${pair.a}\n${pair.b}`, {...pair, turned: false});
    pairs.set(`${pair.b}\n${pair.a}`, {...pair, turned: true});
  }
  const cell = (a, b) => {
    const pair = pairs.get(`${a}\n${b}`);
    if (!pair) return element("td", {}, element("span", {class: "cell zero"}, a === b ? "" : "–"));
    const sign = pair.turned ? -pair.sign : pair.sign;
    const [first, second] = pair.turned ? [b, a] : [a, b];
    const words = sign === 0 ? "no significant difference" : sign > 0 ? "higher" : "lower";
    const inner = element("span", {class: sign === 0 ? "cell zero" : "cell", tabindex: 0, role: "img",
      "aria-label": `${lookOf(a).name} against ${lookOf(b).name}: ${words}`}, sign === 0 ? "·" : sign > 0 ? "▲" : "▼");
    return element("td", {}, withTip(inner, () => [`${lookOf(a).name} against ${lookOf(b).name}: ${words}`,
      `${first} minus ${second}: ${pair.difference} ${pair.interval}`, `p ${pair.p} (Holm); ${pair.test}`]));
  };
  return element("div", {class: "scroll", tabindex: 0, role: "group", "aria-label": `Pairs of ${table.task}, ${table.protocol}`},
    element("table", {class: "matrix"}, element("caption", {class: "soft small"}, `${table.task}, ${table.protocol}: ▲ the row is significantly higher than the column, ▼ lower, · no significant difference`),
      element("thead", {}, element("tr", {}, element("td"), names.map((name) => element("th", {scope: "col"}, lookOf(name).name)))),
      element("tbody", {}, names.map((a) => element("tr", {}, element("th", {scope: "row"}, lookOf(a).name), names.map((b) => cell(a, b)))))));
}

drawers.differences = (block, data) => {
  const details = element("details", {}, element("summary", {}, "Every pair, with its test"));
  // Sixty encoders have 3,600 pairs: they are made when they are asked for.
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(...data.tables.map(pairMatrix));
  });
  block.append(element("p", {class: "soft small"}, "A bar joins encoders that do not differ significantly (paired tests, 5 %, Holm). No common bar: they differ."),
    element("div", {class: "plots"}, data.tables.filter((table) => table.rows.length > 1).map(groupPicture)), details);
};
