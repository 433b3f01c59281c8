"use strict";
// Elements are made of text nodes and attributes alone: no text of the data is ever read as HTML.

function element(name, attributes, ...children) {
  const out = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "onclick" || key === "oninput" || key === "onchange") out.addEventListener(key.slice(2), value);
    else out.setAttribute(key, value === true ? "" : value);
  }
  out.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return out;
}

function shape(name, attributes, ...children) {
  const out = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined) out.setAttribute(key, value);
  }
  out.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return out;
}

// Blocks of data, by name; a section draws itself with drawers[name](element, data).
const drawers = {};
const shared = {};

function score(value) {
  if (value === null || value === undefined) return "–";
  const text = value.toFixed(3);
  return text === "-0.000" ? "0.000" : text;
}

function interval(low, high) { return `[${score(low)}, ${score(high)}]`; }

function unique(list) { return [...new Set(list)]; }

// How an encoder looks: the same in every figure of the page.
function lookOf(label) {
  return (shared.looks && shared.looks.get(label)) || {label, name: label, colour: "#7f7f7f", marker: 0};
}

// The encoder's marker and name, as in the figures.
function encoderKey(label) {
  const look = lookOf(label);
  const picture = shape("svg", {width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true"}, marker(look, 7, 7, 5));
  return element("span", {class: "key", title: look.name === label && label.length <= 40 ? null : label}, picture, element("span", {}, shortened(look.name, 40)));
}

// Choices in a list; `name` is said before it.
function chooser(name, choices, onchange) {
  const list = element("select", {onchange: () => onchange(Number(list.value))},
    choices.map((text, i) => element("option", {value: i}, text)));
  return element("label", {}, name, list);
}

// --- What is shown of the element under the mouse, or that has the focus.
const tip = {
  box: null,
  show(target, lines) {
    this.box.replaceChildren(...lines.filter(Boolean).map((line) => element("div", {}, line)));
    this.box.hidden = false;
    const at = target.getBoundingClientRect();
    const own = this.box.getBoundingClientRect();
    const left = Math.max(4, Math.min(at.left, document.documentElement.clientWidth - own.width - 8));
    const below = at.bottom + own.height + 8 < window.innerHeight || at.top < own.height + 8;
    this.box.style.left = `${left + window.scrollX}px`;
    this.box.style.top = `${(below ? at.bottom + 6 : at.top - own.height - 6) + window.scrollY}px`;
    target.setAttribute("aria-describedby", "tip");
    this.target = target;
  },
  hide() {
    if (this.target) this.target.removeAttribute("aria-describedby");
    this.target = null;
    if (this.box) this.box.hidden = true;
  },
};

// Gives an element a tip, for the mouse and for the keyboard.
function withTip(target, lines) {
  target.addEventListener("mouseenter", () => tip.show(target, lines()));
  target.addEventListener("focus", () => tip.show(target, lines()));
  target.addEventListener("mouseleave", () => tip.hide());
  target.addEventListener("blur", () => tip.hide());
  return target;
}

// Which colours: as the system, light or dark. The choice is for this page as it is open.
function themeButton(button) {
  const names = ["as the system", "light", "dark"];
  let chosen = 0;
  button.addEventListener("click", () => {
    chosen = (chosen + 1) % names.length;
    if (chosen === 0) document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", names[chosen]);
    button.textContent = `Colours: ${names[chosen]}`;
  });
}
