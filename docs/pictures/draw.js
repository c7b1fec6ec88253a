"use strict";
// Draws the charts of pages that are read without a browser: with the report's chart functions and its ECharts, which
// need none either.
//
// usage: node draw.js PAGE.json...             the charts of a study's page, as pictures beside it
//        node draw.js --runs FOOTHOLD FOLDER   the README's picture: FOLDER/runs-light.svg and FOLDER/runs-dark.svg
//
// FOOTHOLD is the command, which is run for the figures. The layer and the machine are simulated, so the same version of
// Foothold makes the same picture everywhere. `./dev docs` calls this.

const childProcess = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const vm = require("vm");

const ASSETS = path.join(__dirname, "..", "..", "src", "report", "page", "assets");
const WIDTH = 880;

function readAsset(name) { return fs.readFileSync(path.join(ASSETS, name), "utf8"); }

const echarts = require(path.join(ASSETS, "echarts", "echarts.min.js"));
// The scripts share one scope, as in a page; only functions can be seen from outside.
const shared = vm.createContext({});
vm.runInContext(["format.js", "charts.js"].map(readAsset).join("\n"), shared);

// ECharts counts the drawings of a process in their identifiers; a picture's must not depend on those before it.
function toSvg(options, height) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: height });
  chart.setOption(options);
  const svg = chart.renderToSVGString();
  chart.dispose();
  const names = new Map();
  return svg.replace(/zr\d+-[a-z]+-?\d+|zr\d+-[a-z]\d+/g, (name) => {
    if (!names.has(name)) names.set(name, "d" + names.size);
    return names.get(name);
  }) + "\n";
}

function drawPage(file) {
  const page = JSON.parse(fs.readFileSync(file, "utf8"));
  for (const { chart } of page.page.filter((block) => block.chart)) {
    const options = shared.chartOf(chart, false);
    options.title = { text: chart.title, left: 8, top: 8, textStyle: { fontSize: 15 } };
    options.backgroundColor = "#fff";
    fs.writeFileSync(path.join(path.dirname(file), path.basename(chart.file)), toSvg(options, 420));
  }
}

// --- the README's picture: what each of several runs measured ---------------------------------------------------------

const LAYER = "deepbench.05", TARGET = "vta:pynq:extended", TRIALS = 300;
const SEARCHERS = ["foothold", "autotvm", "random"];
const THEMES = {
  light: { text: "#1f2328", faint: "#656d76", grid: "#d8dee4", failed: "#e4e7ea", foothold: "#0072b2", autotvm: "#c35500", random: "#6e7781" },
  dark: { text: "#e6edf3", faint: "#9198a1", grid: "#30363d", failed: "#2b3138", foothold: "#56b4e9", autotvm: "#e69f00", random: "#9da5ae" },
};
const LEFT = 64, RIGHT = 80, STRIP = 350, STRIP_STEP = 40, STRIP_HEIGHT = 16;

// A run: its measurements' speeds in GOPS, null where one failed, and how many builds it made without a measurement.
function measure(foothold, searcher, folder) {
  const log = path.join(folder, searcher + ".jsonl");
  const output = childProcess.execFileSync(foothold, ["tune", LAYER, "--target", TARGET, "--searcher", searcher, "--json", "--trials",
                                                      String(TRIALS), "--seed", "1", "--log", log],
                                           { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" });
  const best = JSON.parse(output).results[0].best;
  const operations = best.gops * best.seconds;
  const records = fs.readFileSync(log, "utf8").trim().split("\n").map(JSON.parse);
  const speeds = records.filter((record) => record.type === "trial")
    .map((trial) => trial.outcome === "correct" ? operations / trial.seconds[0] : null);
  return { name: searcher, speeds: speeds, builds: records.filter((record) => record.type === "build").length };
}

// After each measurement.
function bestSoFar(speeds) {
  let best = 0;
  return speeds.map((speed) => (best = Math.max(best, speed || 0)));
}

function stripLabel(run) {
  const failed = run.speeds.filter((speed) => speed === null).length;
  let label = `${run.name}: ${failed} of ${run.speeds.length} measurements failed`;
  if (run.builds > 0) label += `, after ${run.builds.toLocaleString("en")} builds without a measurement`;
  return run.speeds.length === TRIALS ? label : label + "; then it stopped by itself";
}

// A cell for each measurement that worked, or that did not, as one path.
function cells(run, axis, worked, colour) {
  const places = run.speeds.map((speed, i) => i).filter((i) => (run.speeds[i] !== null) === worked);
  return {
    type: "custom", xAxisIndex: axis, yAxisIndex: axis, data: places.length ? [[0, 0]] : [], silent: true,
    renderItem: function (params) {
      const area = params.coordSys, width = area.width / TRIALS;
      const one = (i) => `M${(area.x + (i + 0.1) * width).toFixed(1)} ${area.y}h${(0.8 * width).toFixed(1)}v${area.height}h-${(0.8 * width).toFixed(1)}z`;
      return { type: "path", shape: { pathData: places.map(one).join("") }, style: { fill: colour } };
    },
  };
}

function runsChart(runs, theme) {
  const faint = { color: theme.faint, fontSize: 13 };
  const strip = (i) => ({ left: LEFT, right: RIGHT, top: STRIP + i * STRIP_STEP, height: STRIP_HEIGHT });
  const steps = (run) => [[0, 0], ...bestSoFar(run.speeds).map((best, i) => [i + 1, best])];
  const last = (run) => steps(run)[run.speeds.length];
  const lines = [...runs].reverse().map((run) => ({
    type: "line", data: steps(run), step: "end", showSymbol: false, lineStyle: { color: theme[run.name], width: 2.5 },
    markPoint: { symbol: "circle", symbolSize: 9, itemStyle: { color: theme[run.name] }, label: { show: false },
                 data: run.speeds.length < TRIALS ? [{ coord: last(run) }] : [] },
  }));
  const strips = runs.flatMap((run, i) => [false, true].map((worked) => cells(run, i + 1, worked, worked ? theme[run.name] : theme.failed)));
  const title = (text, top, size, colour) => ({ text: text, left: LEFT - 5, top: top, padding: 0,
                                                textStyle: { fontSize: size, fontWeight: size > 13 ? 600 : "normal", color: colour } });
  return {
    animation: false, textStyle: { fontFamily: "system-ui, sans-serif" },
    title: [title(`Tuning ${LAYER} on ${TARGET}: one run of each searcher`, 10, 16, theme.text),
            ...runs.map((run, i) => title(stripLabel(run), STRIP + i * STRIP_STEP - 19, 13, theme[run.name]))],
    grid: [{ left: LEFT, right: RIGHT, top: 56, bottom: 190 }, ...runs.map((run, i) => strip(i))],
    xAxis: [{ type: "value", max: TRIALS, axisLabel: faint, splitLine: { show: false }, axisLine: { show: false }, axisTick: { show: false },
              name: "measurements", nameLocation: "middle", nameGap: 26, nameTextStyle: faint },
            ...runs.map((run, i) => ({ type: "value", gridIndex: i + 1, min: 0, max: TRIALS, show: false }))],
    yAxis: [{ type: "value", axisLabel: faint, splitLine: { lineStyle: { color: theme.grid } }, name: "best speed so far, GOPS",
              nameTextStyle: Object.assign({ align: "left" }, faint) },
            ...runs.map((run, i) => ({ type: "value", gridIndex: i + 1, min: 0, max: 1, show: false }))],
    series: [...lines, ...strips],
  };
}

function drawRuns(foothold, folder) {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "draw-runs-"));
  const runs = SEARCHERS.map((searcher) => measure(foothold, searcher, temporary));
  fs.rmSync(temporary, { recursive: true });
  for (const [name, theme] of Object.entries(THEMES)) {
    fs.writeFileSync(path.join(folder, `runs-${name}.svg`), toSvg(runsChart(runs, theme), 470));
  }
}

function main(words) {
  if (words[0] === "--runs" && words.length === 3) return drawRuns(words[1], words[2]);
  if (words.length === 0 || words[0].startsWith("-")) {
    process.stderr.write("usage: node draw.js PAGE.json... | --runs FOOTHOLD FOLDER\n");
    process.exit(2);
  }
  words.forEach(drawPage);
}

module.exports = { bestSoFar, drawPage, drawRuns, runsChart, stripLabel, toSvg, THEMES };
if (require.main === module) main(process.argv.slice(2));
