"use strict";
// The pictures are what the command measures and what the studies' JSON holds, and a drawing shows what a run did.
//
// usage: node pictures_test.js [FOOTHOLD]      without a command to run, the README's picture is not compared

const assert = require("assert");
const fs = require("fs");
const os = require("os");
const path = require("path");

const docs = path.join(__dirname, "..", "..", "docs");
const draw = require(path.join(docs, "pictures", "draw.js"));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pictures-test-"));

const tests = {
  "the README's picture is what the command measures": () => {
    if (process.argv.length < 3) return console.log("  skipped: needs a release build with XGBoost");
    draw.drawRuns(process.argv[2], folder);
    for (const name of ["runs-light.svg", "runs-dark.svg"]) {
      assert.equal(fs.readFileSync(path.join(folder, name), "utf8"), fs.readFileSync(path.join(docs, "pictures", name), "utf8"), "run ./dev docs");
    }
  },

  "each picture of a study's page is what its JSON holds": () => {
    const results = path.join(docs, "results", "generated");
    for (const file of fs.readdirSync(results, { recursive: true }).filter((name) => name.endsWith(".json"))) {
      const copy = path.join(folder, path.basename(file));
      fs.copyFileSync(path.join(results, file), copy);
      draw.drawPage(copy);
      for (const { chart } of JSON.parse(fs.readFileSync(copy, "utf8")).page.filter((block) => block.chart)) {
        assert.equal(fs.readFileSync(path.join(folder, chart.file), "utf8"),
                     fs.readFileSync(path.join(results, path.dirname(file), chart.file), "utf8"), "run ./dev docs");
      }
    }
  },

  "a chart of curves has each curve, its band and its name": () => {
    const page = { page: [{ chart: { kind: "curves", title: "a < b", file: "c.svg", x_label: "n", y_label: "speed", y_min: 0, y_max: 1,
      series: [{ name: "one & two", x: [1, 10], y: [0.2, 1], low: [0.1, 0.9], high: [0.3, 1] }, { name: "three", x: [1, 10], y: [0, 0.5] }] } }] };
    fs.writeFileSync(path.join(folder, "c.json"), JSON.stringify(page));
    draw.drawPage(path.join(folder, "c.json"));
    const svg = fs.readFileSync(path.join(folder, "c.svg"), "utf8");
    for (const text of ["a &lt; b", "one &amp; two", "three", 'stroke="#0072B2"', 'stroke="#D55E00"']) assert.ok(svg.includes(text), text);
    assert.equal(svg.split('opacity="0.18"').length - 1, 1, "one band");
  },

  "a picture does not depend on those drawn before it": () => {
    const options = draw.runsChart([{ name: "random", speeds: [1, null], builds: 0 }], draw.THEMES.light);
    assert.equal(draw.toSvg(options, 470), draw.toSvg(options, 470));
  },

  "a run's best so far and its failures": () => {
    const run = { name: "foothold", speeds: [null, 10, null, 8, 20], builds: 1007 };
    assert.deepEqual(draw.bestSoFar(run.speeds), [0, 10, 10, 10, 20]);
    assert.equal(draw.stripLabel(run),
                 "foothold: 2 of 5 measurements failed, after 1,007 builds without a measurement; then it stopped by itself");
    const svg = draw.toSvg(draw.runsChart([run], draw.THEMES.light), 470);
    const cells = (colour) => (svg.match(new RegExp(`<path d="([^"]*)"[^>]*fill="${colour}"`)) || ["", ""])[1].split("M").length - 1;
    assert.equal(cells(draw.THEMES.light.failed), 2);
    assert.equal(cells(draw.THEMES.light.foothold), 3);
  },

  "a run without a correct config has no cell that worked": () => {
    const svg = draw.toSvg(draw.runsChart([{ name: "random", speeds: Array(4).fill(null), builds: 0 }], draw.THEMES.dark), 470);
    assert.ok(svg.includes("random: 4 of 4 measurements failed"));
    assert.ok(!svg.includes(`fill="${draw.THEMES.dark.random}" d=`));
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    test();
    console.log("ok: " + name);
  } catch (error) {
    failed += 1;
    console.log("FAILED: " + name + "\n" + String(error.message).slice(0, 2000));
  }
}
fs.rmSync(folder, { recursive: true });
process.exit(failed === 0 ? 0 : 1);
