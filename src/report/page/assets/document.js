"use strict";
// Puts a page of text, tables and charts on the page: what the studies of Foothold found.

// The inline Markdown that such pages use. A link keeps its text: what it leads to is not beside this page.
function inline(markdown) {
  return markdown.split(/(`[^`]+`|\*[^*]+\*|\[[^\]]+\]\([^)]+\))/).map((part) => {
    if (/^`.+`$/.test(part)) return element("code", {}, part.slice(1, -1));
    if (/^\*.+\*$/.test(part)) return element("em", {}, part.slice(1, -1));
    const link = /^\[(.+)\]\(.+\)$/.exec(part);
    return link ? element("span", {}, ...inline(link[1])) : part;
  });
}

function paragraph(markdown) {
  if (!markdown.startsWith("- ")) return element("p", {}, ...inline(markdown));
  return element("ul", {}, ...markdown.split(/^- /m).slice(1).map((item) => element("li", {}, ...inline(item))));
}

function blockNode(block, number) {
  if (block.text) return element("div", {}, ...block.text.split("\n\n").map(paragraph));
  if (block.heading) return element("h" + block.level, { class: "section" }, block.heading);
  if (block.chart) return chartSection("chart-" + number, block.chart.title, "", chartOf(block.chart, window.innerWidth < 700), { height: "420px" });
  const columns = block.table.columns.map((title, i) => ({ title: title, number: block.table.align[i] === "r" }));
  return table(columns, block.table.rows.map((row) => row.map((cell) => element("span", {}, ...inline(cell)))));
}

const shown = JSON.parse(document.getElementById("model").textContent);
document.title = shown.title;
document.querySelector("h1").textContent = shown.title;
if (shown.machine) document.getElementById("status").textContent = "Machine: " + shown.machine + ".";
document.getElementById("report").replaceChildren(...shown.page.map(blockNode));
drawVisible();
document.documentElement.dataset.state = "ready";
