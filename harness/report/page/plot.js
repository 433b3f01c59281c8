// Markers, axes, points and lines.

// The shapes of markers in the order of the palette; those from the seventh on are open.
function markerPath(kind, r) {
  switch (kind) {
    case "circle": return `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`;
    case "square": return `M${-r * .9},${-r * .9}h${r * 1.8}v${r * 1.8}h${-r * 1.8}z`;
    case "up": return `M0,${-r * 1.15}L${r * 1.1},${r * .8}H${-r * 1.1}z`;
    case "down": return `M0,${r * 1.15}L${r * 1.1},${-r * .8}H${-r * 1.1}z`;
    case "diamond": return `M0,${-r * 1.25}L${r * 1.1},0L0,${r * 1.25}L${-r * 1.1},0z`;
    default: {
      const corners = [0, 1, 2, 3, 4].map((k) => {
        const turn = k * 2 * Math.PI / 5;
        return `${(r * 1.1 * Math.sin(turn)).toFixed(2)},${(-r * 1.1 * Math.cos(turn)).toFixed(2)}`;
      });
      return `M${corners.join("L")}z`;
    }
  }
}
const markerKinds = ["circle", "square", "up", "diamond", "down", "pentagon", "circle", "square", "up", "diamond", "down"];

function marker(look, x, y, r) {
  const open = look.marker >= 6;
  return shape("path", {d: markerPath(markerKinds[look.marker % markerKinds.length], r), transform: `translate(${x},${y})`,
    fill: open ? "none" : look.colour, stroke: look.colour, "stroke-width": open ? 2 : 1});
}

function linear(low, high, from, to) {
  const span = high - low || 1;
  return (v) => from + (v - low) / span * (to - from);
}

// Round numbers between two ends, about `n` of them.
function ticks(low, high, n) {
  const raw = (high - low || 1) / n;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 2.5, 5, 10].find((factor) => power * factor >= raw * .999);
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; ++k) out.push(Number((k * step).toPrecision(12)));
  return out;
}

function tickText(v) { return String(Number(v.toPrecision(6))); }

// The ends of an axis with some air.
function ends(values) {
  const known = values.filter((v) => v !== null && v !== undefined && Number.isFinite(v));
  const low = Math.min(...known), high = Math.max(...known);
  const air = (high - low || Math.abs(high) || 1) * .04;
  return [low - air, high + air];
}

// Labels at these heights, moved apart so that none covers another.
function apart(heights, least, top, bottom) {
  const order = heights.map((y, i) => ({y, i})).sort((a, b) => a.y - b.y);
  for (let k = 1; k < order.length; ++k) order[k].y = Math.max(order[k].y, order[k - 1].y + least);
  const over = order.length ? order[order.length - 1].y - bottom : 0;
  if (over > 0) {
    order[order.length - 1].y -= over;
    for (let k = order.length - 2; k >= 0; --k) order[k].y = Math.max(top, Math.min(order[k].y, order[k + 1].y - least));
  }
  const out = [];
  for (const {y, i} of order) out[i] = y;
  return out;
}

// Where the names of points go: next to their point, over no other name and no marker. A name
// without room is left out; its point still has a tip.
function placedNames(points, frame) {
  const taken = points.map((p) => ({x0: p.x - 7, x1: p.x + 7, y0: p.y - 7, y1: p.y + 7}));
  return points.map((p, k) => {
    const wide = p.text.length * 6.6;
    const places = [];
    for (const dy of [0, -13, 13, -26, 26]) places.push([p.x + 10, p.y + dy, "start"], [p.x - 10 - wide, p.y + dy, "end"]);
    for (const [x, y, anchor] of places) {
      const box = {x0: x, x1: x + wide, y0: y - 7, y1: y + 7};
      const inside = box.x0 >= frame.left && box.x1 <= frame.right && box.y0 >= frame.top - 8 && box.y1 <= frame.bottom;
      const free = taken.every((other, i) => i === k || other.x1 < box.x0 || other.x0 > box.x1 || other.y1 < box.y0 || other.y0 > box.y1);
      if (!inside || !free) continue;
      taken.push(box);
      return {x: anchor === "end" ? x + wide : x, y, anchor, text: p.text};
    }
    return null;
  });
}

function shortened(text, most) { return text.length > most ? `${text.slice(0, most - 1)}…` : text; }

// Rows of points with intervals on one axis: `rows` have a label, points of encoders, the score of
// the best constant prediction, or `marks` of such scores.
function intervalPlot({title, rows, domain, axis}) {
  const longest = Math.max(...rows.map((row) => row.label.length));
  const left = Math.min(230, Math.max(90, longest * 6.8 + 16)), right = 16, width = 560, lineHeight = 22;
  let y = 8;
  const places = rows.map((row) => {
    const height = Math.max(lineHeight, row.points.length * 11 + 8);
    y += height;
    return {middle: y - height / 2, height};
  });
  const bottom = y + 4;
  const x = linear(domain[0], domain[1], left, width - right);
  const picture = shape("svg", {class: "plot", viewBox: `0 0 ${width} ${bottom + 42}`, role: "group", "aria-label": title});
  for (const tick of ticks(domain[0], domain[1], 6)) {
    picture.append(shape("line", {class: "grid", x1: x(tick), x2: x(tick), y1: 6, y2: bottom}),
      shape("text", {x: x(tick), y: bottom + 16, "text-anchor": "middle", class: "soft"}, tickText(tick)));
  }
  picture.append(shape("line", {class: "axis", x1: left, x2: width - right, y1: bottom, y2: bottom}),
    shape("text", {x: (left + width - right) / 2, y: bottom + 34, "text-anchor": "middle", class: "soft"}, axis));
  const several = rows.some((row) => row.points.length > 1);
  rows.forEach((row, k) => {
    const [above, below] = [places[k].middle - places[k].height / 2, places[k].middle + places[k].height / 2];
    if (several && k + 1 < rows.length) picture.append(shape("line", {class: "grid", x1: left, x2: width - right, y1: below, y2: below}));
    if (row.constant !== null && row.constant !== undefined && row.constant >= domain[0] && row.constant <= domain[1]) {
      picture.append(shape("line", {class: "constant", x1: x(row.constant), x2: x(row.constant), y1: above, y2: below}));
    }
  });
  rows.forEach((row, k) => {
    picture.append(shape("text", {x: left - 8, y: places[k].middle + 4, "text-anchor": "end", class: row.soft ? "soft" : null}, shortened(row.label, 32)));
    row.points.forEach((point, i) => {
      const at = places[k].middle + (i - (row.points.length - 1) / 2) * 11;
      const look = lookOf(point.encoder);
      const group = shape("g", {tabindex: 0, role: "img", "aria-label": `${look.name}, ${row.label}: ${score(point.score)} ${interval(point.low, point.high)}`});
      group.append(shape("rect", {x: left, width: width - left - right, y: at - 6, height: 12, fill: "transparent"}),
        shape("line", {x1: x(Math.max(point.low, domain[0])), x2: x(Math.min(point.high, domain[1])), y1: at, y2: at, stroke: look.colour, "stroke-width": 2}));
      if (point.published !== undefined && point.published !== null) {
        group.append(shape("path", {d: `M${x(point.published)},${at - 7}v14`, stroke: "var(--ink)", "stroke-width": 2}));
      }
      group.append(marker(look, x(point.score), at, 5));
      picture.append(withTip(group, point.lines));
    });
    if (row.marks) {
      for (const mark of row.marks) picture.append(shape("path", {d: `M${x(mark)},${places[k].middle - 6}v12`, stroke: "var(--soft)", "stroke-width": 3}));
      picture.append(shape("text", {x: x(Math.max(...row.marks)) + 8, y: places[k].middle + 4, class: "soft"}, row.marks.map(score).join(", ")));
    }
  });
  return element("figure", {}, element("figcaption", {}, title), picture);
}

// Lines over a common axis: `series` have a look, points [x, y, low, high] and maybe dashes; `levels`,
// a value and maybe a label, are dashed from side to side.
function linePlot({title, series, levels = [], xTicks, log, xLabel, yLabel}) {
  const width = 560, height = 300, left = 52, bottom = height - 46, top = 12, right = 130;
  const points = series.flatMap((one) => one.points);
  const across = log ? (v) => Math.log10(Math.max(v, 1e-9)) : (v) => v;
  const [x0, x1] = [Math.min(...points.map((p) => across(p[0]))), Math.max(...points.map((p) => across(p[0])))];
  const [y0, y1] = ends([...points.flatMap((p) => [p[1], p[2], p[3]]), ...levels.map((level) => level.value)]);
  const x = (v) => linear(x0, x1, left + 8, width - right)(across(v));
  const y = linear(y0, y1, bottom, top);
  const picture = shape("svg", {class: "plot", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": title});
  for (const tick of ticks(y0, y1, 5)) {
    picture.append(shape("line", {class: "grid", x1: left, x2: width - right + 6, y1: y(tick), y2: y(tick)}),
      shape("text", {x: left - 6, y: y(tick) + 4, "text-anchor": "end", class: "soft"}, tickText(tick)));
  }
  const marks = xTicks || (log ? decades(x0, x1) : ticks(x0, x1, 5)).map((v) => [v, tickText(v)]);
  marks.forEach(([v, text], k) => {
    // Long names go down in two lines, in turn.
    const low = xTicks && marks.length > 6 && k % 2 === 1;
    picture.append(shape("text", {x: x(v), y: bottom + (low ? 28 : 16), "text-anchor": "middle", class: "soft"}, text));
  });
  picture.append(shape("line", {class: "axis", x1: left, x2: width - right + 6, y1: bottom, y2: bottom}),
    shape("text", {x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle", class: "soft"}, xLabel),
    shape("text", {transform: `translate(12,${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle", class: "soft"}, yLabel));
  for (const level of levels) picture.append(shape("path", {class: "constant", d: `M${left},${y(level.value)}H${width - right + 6}`}));
  for (const one of series) {
    const path = one.points.map((p, k) => `${k ? "L" : "M"}${x(p[0]).toFixed(1)},${y(p[1]).toFixed(1)}`).join("");
    for (const p of one.points) {
      if (p[2] !== undefined && p[2] !== null) picture.append(shape("path", {d: `M${x(p[0])},${y(p[2])}V${y(p[3])}`, stroke: one.look.colour, "stroke-width": 1.5, opacity: .6}));
    }
    picture.append(shape("path", {d: path, fill: "none", stroke: one.look.colour, "stroke-width": one.faint ? 1 : 1.8, "stroke-dasharray": one.dash || null, opacity: one.faint ? .55 : 1}));
  }
  for (const one of series) {
    if (one.faint) continue;
    for (const p of one.points) {
      const group = shape("g", {tabindex: 0, role: "img", "aria-label": `${one.name}: ${tickText(p[0])}, ${score(p[1])}`}, marker(one.look, x(p[0]), y(p[1]), 4));
      picture.append(withTip(group, () => [one.name, `${xLabel} ${p[4] || tickText(p[0])}: ${score(p[1])}${p[2] === undefined || p[2] === null ? "" : ` ${interval(p[2], p[3])}`}`]));
    }
  }
  const named = series.filter((one) => one.label && one.points.length);
  const labelled = levels.filter((level) => level.label);
  const heights = apart([...named.map((one) => one.points[one.points.length - 1][1]), ...labelled.map((level) => level.value)].map((v) => y(v) + 4), 13, top + 4, bottom + 8);
  labelled.forEach((level, k) => picture.append(shape("text", {class: "soft", x: width - right + 12, y: heights[named.length + k]}, level.label)));
  named.forEach((one, k) => {
    const last = one.points[one.points.length - 1];
    picture.append(shape("path", {d: `M${x(last[0]) + 6},${y(last[1])}L${width - right + 12},${heights[k] - 4}`, stroke: one.look.colour, "stroke-width": .7, fill: "none"}),
      marker(one.look, width - right + 18, heights[k] - 4, 4),
      shape("text", {x: width - right + 27, y: heights[k]}, shortened(one.label, 15)));
  });
  return element("figure", {}, element("figcaption", {}, title), picture);
}

function decades(low, high) {
  const out = [];
  for (let k = Math.floor(low); k <= Math.ceil(high); ++k) {
    for (const factor of [1, 3]) {
      const at = k + Math.log10(factor);
      if (at >= low - .01 && at <= high + .01) out.push(factor * 10 ** k);
    }
  }
  return out.length > 7 ? out.filter((v) => Math.log10(v) % 1 === 0) : out;
}
