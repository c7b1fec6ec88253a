"use strict";
// Charts on a page: drawn when they can be seen, and again for paper.

const drawn = new Map();  // chart hosts by their id, with their charts

function host(id) {
  if (!drawn.has(id)) drawn.set(id, { node: element("div", { class: "chart", id: id }), chart: null });
  return drawn.get(id);
}

// A section whose chart is drawn when it can be seen; null options: no section.
function chartSection(id, title, note, options, extra) {
  if (!options) return null;
  const place = host(id);
  place.options = options;
  if (extra && extra.height) place.node.style.height = extra.height;
  const text = note ? [element("p", { class: "note" }, note)] : [];
  return element("section", { class: extra && extra.wide ? "wide" : "" }, element("h3", {}, title), ...text, place.node);
}

function drawVisible() {
  for (const place of drawn.values()) {
    if (!place.node.isConnected || place.node.clientWidth === 0) continue;
    if (!place.chart) place.chart = echarts.init(place.node, null, { renderer: "svg" });
    if (place.options !== place.shown) place.chart.setOption(place.options, true);
    place.shown = place.options;
    place.chart.resize();
  }
  document.documentElement.dataset.charts = String([...drawn.values()].filter((place) => place.chart).length);
}

// Paper shows what is closed on the screen too. It is narrower, so drawings get a viewBox to shrink by.
window.addEventListener("beforeprint", function () {
  for (const details of document.querySelectorAll("details")) details.open = true;
  drawVisible();
  for (const drawing of document.querySelectorAll(".chart svg")) {
    drawing.setAttribute("viewBox", "0 0 " + drawing.getAttribute("width") + " " + drawing.getAttribute("height"));
  }
});
window.addEventListener("afterprint", function () {
  for (const drawing of document.querySelectorAll(".chart svg")) drawing.removeAttribute("viewBox");
});
window.addEventListener("resize", drawVisible);
