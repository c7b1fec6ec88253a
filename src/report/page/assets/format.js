"use strict";
// Numbers, colours and elements. Texts from logs become text nodes only, never markup.

// Okabe and Ito's colours, which the colour-blind can tell apart.
const PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"];
const LINES = ["solid", "dashed", "dotted"];
// In the order of the numbers in the model's samples.
const OUTCOMES = ["constraints", "compile", "runtime", "timeout", "correctness", "correct", "slow"];
const OUTCOME_COLOURS = {
  constraints: "#999999", compile: "#D55E00", runtime: "#CC79A7", timeout: "#E69F00", correctness: "#000000", correct: "#009E73",
  slow: "#56B4E9",
};
const WORK_COLOURS = {
  "GEMM": "#0072B2", "element-wise passes": "#E69F00", "accumulator reset": "#56B4E9", "micro-op loads": "#CC79A7",
  "bias loads": "#000000", "weight loads": "#D55E00", "input loads": "#009E73", "output stores": "#0072B2",
  "synchronisation": "#999999",
};

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children);  // what is no node becomes a text node
  return made;
}

function significant(value, digits) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "-";
  if (value !== 0 && (Math.abs(value) >= 1e7 || Math.abs(value) < 1e-4)) return value.toExponential(digits - 1);
  return String(Number(value.toPrecision(digits)));
}

function count(value) {
  return value === null || value === undefined ? "-" : Number(value).toLocaleString("en");
}

function percent(share) {
  return share === null || share === undefined ? "-" : (100 * share).toFixed(1) + " %";
}

// The unit in which a time of so many seconds is read best.
function unitOf(seconds) {
  if (seconds >= 1) return { name: "s", per_second: 1 };
  if (seconds >= 1e-3) return { name: "ms", per_second: 1e3 };
  return { name: "\u00b5s", per_second: 1e6 };
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) return "-";
  const unit = unitOf(seconds);
  return significant(seconds * unit.per_second, 4) + " " + unit.name;
}

function dateOf(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "-" : date.toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

function listOf(texts) {
  return Object.entries(texts).map(([name, text]) => name + " " + text).join(", ");
}

// From fast, dark blue, to slow, yellow: the colours of cividis, which grow evenly lighter for everyone.
const RAMP = [[0, 32, 77], [60, 77, 110], [124, 123, 120], [187, 175, 113], [255, 234, 70]];

function rampColour(share) {
  const at = Math.min(Math.max(share, 0), 1) * (RAMP.length - 1);
  const below = Math.min(Math.floor(at), RAMP.length - 2);
  const mixed = RAMP[below].map((from, i) => Math.round(from + (at - below) * (RAMP[below + 1][i] - from)));
  return "rgb(" + mixed.join(",") + ")";
}

// columns: {title, number?, wrap?, short?}, the last for texts that only a narrow screen breaks; rows: arrays of texts or nodes.
function table(columns, rows) {
  const classOf = (column) => column.number ? "number" : column.wrap ? "wrap" : column.short ? "short" : "";
  const head = element("tr", {}, ...columns.map((c) => element("th", { class: classOf(c), scope: "col" }, c.title)));
  const body = rows.map((row) =>
    element("tr", {}, ...row.map((cell, i) => element("td", { class: classOf(columns[i]) }, cell))));
  const whole = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { class: "scroll" }, whole);
}
