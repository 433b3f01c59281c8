// Training curves, layers, sweeps, and cost against score.

drawers.training = (block, data) => {
  const names = unique(data.curves.map((curve) => `${curve.encoder}\n${curve.corpus}`));
  const panels = names.map((name) => {
    const of = data.curves.filter((curve) => `${curve.encoder}\n${curve.corpus}` === name);
    const look = lookOf(of[0].encoder);
    const line = (steps, losses) => steps.map((step, k) => [step, losses[k]]).filter((p) => p[1] !== null && p[0] > 0);
    const series = of.flatMap((curve, k) => [
      {look, name: `${look.name}, training`, faint: true, points: line(curve.step, curve.loss)},
      {look, name: `${look.name}, validation, training seed ${curve.seed + 1}`, label: k === 0 ? "validation" : null, points: line(curve.validationStep, curve.validationLoss)}])
      .filter((one) => one.points.length);
    if (!series.length) return null;
    const levels = unique(of.map((curve) => curve.baseLoss).filter((v) => v !== null)).map((value, k) => ({value, label: k === 0 ? "base rates" : null}));
    return linePlot({title: `${look.name} on ${of[0].corpus}`, series, levels, log: true, xLabel: "training step", yLabel: "loss"});
  });
  const known = data.curves.some((curve) => curve.baseLoss !== null);
  block.append(element("p", {class: "soft small"}, `One line per training seed; thin: training batches, with markers: held-out items${known ? "; dashed: the loss of base rates" : ""}.`),
    element("div", {class: "plots"}, panels.filter(Boolean)));
};

drawers.layers = (block, data) => {
  const plots = element("div", {class: "plots"});
  const measures = unique(data.tables.flatMap((table) => table.measures.map((measure) => measure.heading)));
  const update = (k) => plots.replaceChildren(...data.tables.map((table) => {
    const measure = table.measures.find((each) => each.heading === measures[k]);
    if (!measure) return null;
    const last = Math.max(...measure.points.map((p) => p.place));
    const series = unique(measure.points.map((p) => p.encoder)).map((encoder) => {
      const of = measure.points.filter((p) => p.encoder === encoder);
      const points = of.map((p) => [p.place, p.value, p.low, p.high, p.layer]);
      // Frames without layers: a level to compare the layers of others with.
      const level = of.length === 1 && last > 0;
      if (level) points.push([last, ...points[0].slice(1)]);
      return {look: lookOf(encoder), name: lookOf(encoder).name, label: lookOf(encoder).name, points, dash: level ? "5 4" : null};
    });
    const names = new Map();
    for (const p of measure.points) if (p.place > 0 || !names.has(p.place)) names.set(p.place, p.layer);
    const xTicks = [...names.entries()].sort((a, b) => a[0] - b[0]).map(([place, layer]) => [place, layer.replace(/^layer (\d+) attention$/, "att. $1").replace(/^layer (\d+)$/, "$1")]);
    return linePlot({title: `${table.dataset}: ${measure.heading}`, series, xTicks, xLabel: "layer", yLabel: ""});
  }).filter(Boolean));
  const first = Math.max(0, measures.findIndex((name) => /centred/i.test(name)));
  const choose = chooser("Measure", measures, update);
  choose.querySelector("select").value = String(first);
  block.append(element("div", {class: "tools"}, choose), plots);
  update(first);
};

drawers.sweeps = (block, data) => {
  block.append(element("div", {class: "plots"}, data.tables.map((table) => {
    // All labels, 0, is one place behind the largest number.
    const numbers = table.labels.filter((n) => n > 0);
    const place = (n) => n > 0 ? Math.log2(n) : (numbers.length ? Math.log2(numbers[numbers.length - 1]) + 1 : 0);
    const base = table.points.filter((p) => p.factor === table.base);
    const series = unique(base.map((p) => p.encoder)).map((encoder) => ({look: lookOf(encoder), name: lookOf(encoder).name, label: lookOf(encoder).name,
      points: base.filter((p) => p.encoder === encoder).map((p) => [place(p.labels), p.score, p.low, p.high, p.labels || "all"])}));
    if (!series.length) return null;
    return linePlot({title: `${table.task}, ${table.protocol}`, series, xTicks: table.labels.map((n) => [place(n), n ? String(n) : "all"]), xLabel: "labels", yLabel: table.metric});
  }).filter(Boolean)));
};

// Points with names next to them.
function costPlot(table, costs, kind) {
  const width = 560, height = 320, left = 52, right = 16, bottom = height - 46, top = 12;
  const points = table.rows.map((row) => ({row, cost: (costs.find((each) => each.encoder === row.encoder) || {})[kind.key]})).filter((p) => p.cost > 0);
  if (!points.length) return null;
  const logs = points.map((p) => Math.log10(p.cost));
  const [low, high] = [Math.min(...logs) - .15, Math.max(...logs) + .35];
  const [y0, y1] = ends(points.flatMap((p) => [p.row.score, p.row.low, p.row.high]));
  const x = (v) => linear(low, high, left + 6, width - right)(Math.log10(v)), y = linear(y0, y1, bottom, top);
  const title = `${table.task}, ${table.protocol}`;
  const picture = shape("svg", {class: "plot", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": title});
  for (const tick of ticks(y0, y1, 5)) {
    picture.append(shape("line", {class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick)}), shape("text", {x: left - 6, y: y(tick) + 4, "text-anchor": "end", class: "soft"}, tickText(tick)));
  }
  for (const tick of decades(low, high)) picture.append(shape("text", {x: x(tick), y: bottom + 16, "text-anchor": "middle", class: "soft"}, tickText(tick)));
  picture.append(shape("line", {class: "axis", x1: left, x2: width - right, y1: bottom, y2: bottom}),
    shape("text", {x: (left + width) / 2, y: height - 4, "text-anchor": "middle", class: "soft"}, kind.axis),
    shape("text", {transform: `translate(12,${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle", class: "soft"}, table.metric));
  for (const p of points) {
    const look = lookOf(p.row.encoder);
    picture.append(shape("path", {d: `M${x(p.cost)},${y(p.row.low)}V${y(p.row.high)}`, stroke: look.colour, "stroke-width": 1.5, opacity: .5}));
  }
  const names = placedNames(points.map((p) => ({x: x(p.cost), y: y(p.row.score), text: shortened(lookOf(p.row.encoder).name, 18)})), {left, right: width - right, top, bottom});
  points.forEach((p, k) => {
    const look = lookOf(p.row.encoder);
    const group = shape("g", {tabindex: 0, role: "img", "aria-label": `${look.name}: ${tickText(p.cost)}, ${score(p.row.score)}`}, marker(look, x(p.cost), y(p.row.score), 5));
    picture.append(withTip(group, () => [look.name, `${table.metric} ${score(p.row.score)} ${interval(p.row.low, p.row.high)}`, `${kind.axis}: ${p.cost.toPrecision(3)}`]));
    if (names[k]) picture.append(shape("text", {x: names[k].x, y: names[k].y + 4, "text-anchor": names[k].anchor}, names[k].text));
  });
  return element("figure", {}, element("figcaption", {}, title), picture);
}

drawers.costs = (block, data) => {
  const kinds = [{key: "encode", axis: "encoding, processor time per item (ms)"}, {key: "train", axis: "training, processor time (s)"}, {key: "memory", axis: "memory while encoding, whole program (MiB)"}]
    .filter((kind) => data.costs.some((cost) => cost[kind.key] > 0));
  const plots = element("div", {class: "plots"});
  const update = (k) => plots.replaceChildren(...data.tables.map((table) => costPlot(table, data.costs, kinds[k])).filter(Boolean));
  block.append(element("div", {class: "tools"}, chooser("Cost", kinds.map((kind) => kind.axis), update)), plots,
    element("p", {class: "soft small"}, "Measured when the steps were run, which may have been on a busy machine."));
  update(0);
};
