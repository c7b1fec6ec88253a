"use strict";
// Each function gives the options of one ECharts chart, or null when there is nothing to show.

const COMMON = {
  animation: false,
  textStyle: { fontFamily: "system-ui, sans-serif" },
  // Drawn text: nothing in it can be read as markup.
  tooltip: { renderMode: "richText", confine: true, textStyle: { fontSize: 12 } },
};

// On several lines where it is long, but not so many that it would cover the chart.
function legend(names) {
  return { type: names.length > 8 ? "scroll" : "plain", top: 0, left: "center", data: names, itemWidth: 18, itemHeight: 10, itemGap: 8,
           textStyle: { fontSize: 11 } };
}

function isPresent(value) {
  return value !== null && value !== undefined;
}

// An axis of times: logarithmic where they differ much.
function timeAxis(title, values) {
  const positive = values.filter((value) => value > 0);
  const low = Math.min(...positive), high = Math.max(...positive);
  const margin = Math.max(1.02, Math.pow(high / low, 0.04));
  return { type: high / low > 5 ? "log" : "value", min: low / margin, max: high * margin, name: title, nameLocation: "middle",
           nameGap: 44, axisLabel: { hideOverlap: true, formatter: (value) => significant(value, 3) } };
}

function effortAxis(title) {
  return { type: "value", min: 0, name: title, nameLocation: "middle", nameGap: 26,
           axisLabel: { hideOverlap: true, formatter: (value) => significant(value, 3) } };
}

function bandSeries(name, band, colour, unit) {
  const rows = band.x.map((x, i) => [x, band.low[i], band.high[i]])
    .filter((row) => isPresent(row[1]) && isPresent(row[2]))
    .map((row) => [row[0], row[1] * unit.per_second, row[2] * unit.per_second]);
  return {
    type: "custom", name: name, data: rows, encode: { x: 0, y: [1, 2] }, clip: true, silent: true, itemStyle: { color: colour },
    renderItem: function (params, api) {
      if (params.dataIndexInside !== 0) return null;
      const above = rows.map((row) => api.coord([row[0], row[2]]));
      const below = rows.map((row) => api.coord([row[0], row[1]])).reverse();
      return { type: "polygon", shape: { points: above.concat(below) }, style: { fill: colour, opacity: 0.18 } };
    },
  };
}

function groupSeries(group, i, axis, unit) {
  const colour = PALETTE[i % PALETTE.length];
  const type = LINES[i % LINES.length];
  const line = (points, style) => ({
    type: "line", name: group.name, data: points, step: "end", showSymbol: false,
    itemStyle: { color: colour }, lineStyle: Object.assign({ color: colour, type: type, width: 2 }, style),
  });
  const band = axis === "measurements" ? group.by_measurements : group.by_cost;
  const curves = group.curves.map((curve) =>
    curve[axis].map((effort, k) => [effort, curve.best_s[k] * unit.per_second]));
  if (!band) return curves.map((points) => line(points, {}));
  const median = band.x.map((x, k) => [x, band.median[k]]).filter((point) => isPresent(point[1]))
    .map((point) => [point[0], point[1] * unit.per_second]);
  return [bandSeries(group.name, band, colour, unit), ...curves.map((points) => line(points, { width: 0.6, opacity: 0.5 })),
          Object.assign(line(median, {}), { step: false })];
}

function rooflineSeries(question, best, unit) {
  if (!question.roofline_s || best > 4 * question.roofline_s) return [];
  const at = question.roofline_s * unit.per_second;
  return [{ type: "line", name: "roofline", data: [], itemStyle: { color: "#555555" }, lineStyle: { color: "#555555", type: "dashed" },
            showSymbol: false, markLine: { silent: true, symbol: "none", data: [{ yAxis: at }], label: { show: false },
                                           lineStyle: { color: "#555555", type: "dashed" } } }];
}

// axis: "measurements" or "cost_s".
function bestSoFarChart(question, axis) {
  if (!question.best.length) return null;
  const best = question.best[0].seconds;
  const unit = unitOf(best);
  const series = question.groups.flatMap((group, i) => groupSeries(group, i, axis, unit));
  const roofline = rooflineSeries(question, best, unit);
  const times = series.flatMap((one) => one.data.flatMap((point) => point.slice(1)));
  if (roofline.length) times.push(question.roofline_s * unit.per_second);
  return Object.assign({}, COMMON, {
    legend: legend(question.groups.map((group) => group.name).concat(roofline.map((line) => line.name))), grid: { left: 64, right: 24, top: 48, bottom: 44 },
    tooltip: Object.assign({ trigger: "axis", valueFormatter: (value) => significant(Array.isArray(value) ? value[1] : value, 4) },
                           COMMON.tooltip),
    xAxis: effortAxis(axis === "measurements" ? "measurements" : "seconds spent building and running"),
    yAxis: timeAxis("best so far, " + unit.name, times), series: series.concat(roofline),
  });
}

// Horizontal bars, one for each name, stacked from parts: {name, colour, values}.
function stackedBars(names, parts, title, format) {
  return Object.assign({}, COMMON, {
    aria: { enabled: true, decal: { show: true } },
    legend: legend(parts.map((part) => part.name)), grid: { left: 8, right: 28, top: 64, bottom: 40, containLabel: true },
    tooltip: Object.assign({ trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: format }, COMMON.tooltip),
    xAxis: { type: "value", name: title, nameLocation: "middle", nameGap: 26,
             axisLabel: { hideOverlap: true, formatter: (value) => significant(value, 3) } },
    yAxis: { type: "category", inverse: true, data: names, axisLabel: { width: 130, overflow: "truncate" } },
    series: parts.map((part) => ({ type: "bar", stack: "all", name: part.name, data: part.values, barMaxWidth: 34,
                                   itemStyle: { color: part.colour, borderColor: "#fff", borderWidth: 0.5 } })),
  });
}

function outcomesChart(question) {
  const parts = OUTCOMES.slice().reverse().map((outcome) => ({
    name: outcome, colour: OUTCOME_COLOURS[outcome], values: question.groups.map((group) => group.outcomes[outcome] || 0),
  })).filter((part) => part.values.some((value) => value > 0));
  if (!parts.length) return null;
  return stackedBars(question.groups.map((group) => group.name), parts, "trials", count);
}

function costsChart(question) {
  const tiers = [["builds that the searcher asked for", "search_build"], ["builds of trials", "build"], ["runs and verification", "run"]];
  const parts = tiers.map(([name, tier], i) => ({
    name: name, colour: PALETTE[[5, 4, 0][i]], values: question.groups.map((group) => group.median_cost_s[tier]),
  })).filter((part) => part.values.some((value) => value > 0));
  if (!parts.length) return null;
  return stackedBars(question.groups.map((group) => group.name), parts, "seconds of a run, median of each tier", duration);
}

// The values that each parameter has in the sample, in order.
function valuesOf(question) {
  return question.sample.values.map((column) => [...new Set(column)].sort((a, b) => a - b));
}

// A value's place on its axis, a little aside so that the lines of many configs can be told apart; the same for each page.
function placeOf(values, value, trial, axis) {
  const aside = ((trial * 0.618034 + axis * 0.414214) % 1) - 0.5;
  return values.indexOf(value) + 0.5 * aside;
}

// Where an axis of so many values has labels: not more than fit.
function labelled(values) {
  const step = Math.ceil(values.length / 16);
  return values.map((unused, i) => i).filter((i) => i % step === 0);
}

function parallelAxes(question, values, times, unit) {
  const axes = question.parameters.map((name, i) => ({
    dim: i, name: name, type: "value", min: -0.5, max: values[i].length - 0.5, axisTick: { show: false },
    axisLabel: { customValues: labelled(values[i]), color: "#000", fontWeight: 600, backgroundColor: "rgba(255,255,255,0.75)",
                 padding: [1, 3], formatter: (at) => String(values[i][at]) },
  }));
  if (times.length) {
    axes.push(Object.assign(timeAxis(unit.name, times), { dim: axes.length, nameLocation: "end", nameGap: 12 }));
  }
  return axes;
}

function spaceChart(question, isNarrow) {
  const sample = question.sample;
  if (question.parameters.length < 2 || !sample.trial.length) return null;
  const values = valuesOf(question);
  const times = sample.seconds.filter(isPresent).sort((a, b) => a - b);
  const unit = unitOf(times[0] || 1);
  const shareOf = new Map(times.map((time, i) => [time, times.length > 1 ? i / (times.length - 1) : 0]));
  const rowOf = (i) => {
    const row = sample.values.map((column, axis) => placeOf(values[axis], column[i], i, axis));
    if (times.length) row.push(isPresent(sample.seconds[i]) ? sample.seconds[i] * unit.per_second : "-");
    if (!isPresent(sample.seconds[i])) return { value: row };
    return { value: row, lineStyle: { color: rampColour(shareOf.get(sample.seconds[i])) } };
  };
  const series = OUTCOMES.map((outcome, number) => {
    // The fastest are drawn last, above the others.
    const places = sample.trial.map((unused, i) => i).filter((i) => sample.outcome[i] === number)
      .sort((a, b) => sample.seconds[b] - sample.seconds[a]);
    const opacity = outcome === "correct" ? 0.75 : Math.min(0.4, Math.max(0.06, 40 / places.length));
    return { type: "parallel", name: outcome, itemStyle: { color: OUTCOME_COLOURS[outcome] }, data: places.map(rowOf),
             lineStyle: { color: OUTCOME_COLOURS[outcome], width: 1, opacity: opacity } };
  }).filter((one) => one.data.length);
  // Beside upright axes their names need room: as much as the longest, of letters of up to 8 points.
  const nameWidth = Math.min(136, 8 * Math.max(...question.parameters.map((name) => name.length)));
  return Object.assign({}, COMMON, {
    tooltip: { show: false }, legend: legend(series.map((one) => one.name)),
    parallel: { layout: isNarrow ? "vertical" : "horizontal", left: isNarrow ? 16 : 50, right: isNarrow ? nameWidth + 26 : 60, top: 64, bottom: 24,
                parallelAxisDefault: { nameTextStyle: { fontSize: 12 }, nameTruncate: isNarrow ? { maxWidth: nameWidth } : {} } },
    parallelAxis: parallelAxes(question, values, times.map((time) => time * unit.per_second), unit), series: series,
  });
}

// Where what is predicted and what is measured are equal.
function diagonal(low, high) {
  return { type: "line", name: "equal", data: [[low, low], [high, high]], showSymbol: false, silent: true, itemStyle: { color: "#555555" },
           lineStyle: { color: "#555555", type: "dashed", width: 1 } };
}

function predictionChart(question) {
  const sample = question.sample;
  const places = sample.trial.map((unused, i) => i).filter((i) => isPresent(sample.seconds[i]));
  const kinds = [["estimate", "estimate_s", "circle"], ["lower bound", "lower_bound_s", "triangle"]];
  const measured = places.map((i) => sample.seconds[i]);
  const unit = unitOf(Math.min(...measured));
  const series = kinds.map(([name, column, symbol], k) => ({
    type: "scatter", name: name, symbol: symbol, symbolSize: 7, itemStyle: { color: PALETTE[k], opacity: 0.6 },
    data: places.filter((i) => isPresent(sample[column][i]))
      .map((i) => [sample.seconds[i] * unit.per_second, sample[column][i] * unit.per_second]),
  })).filter((one) => one.data.length);
  if (!series.length) return null;
  const all = series.flatMap((one) => one.data).flat();
  const low = Math.min(...all), high = Math.max(...all);
  const axis = (title, gap) => Object.assign(timeAxis(title + ", " + unit.name, all), { nameGap: gap });
  series.push(diagonal(low, high));
  return Object.assign({}, COMMON, {
    legend: legend(series.map((one) => one.name)), grid: { left: 64, right: 24, top: 48, bottom: 44 }, xAxis: axis("measured", 26), yAxis: axis("predicted", 44),
    tooltip: Object.assign({ trigger: "item", formatter: (item) => item.seriesName + ": measured " + significant(item.value[0], 4) +
                             ", predicted " + significant(item.value[1], 4) + " " + unit.name }, COMMON.tooltip),
    series: series,
  });
}

function utilisationChart(explanation) {
  const units = Object.keys(explanation.units);
  const whole = explanation.cycles;
  const kinds = [["busy", "busy", "#009E73"], ["waits for instructions", "wait_fetch", "#E69F00"],
                 ["waits for the unit before", "wait_prev", "#56B4E9"], ["waits for the unit behind", "wait_next", "#CC79A7"]];
  const share = (cycles) => 100 * (cycles || 0) / whole;
  const parts = kinds.map(([name, field, colour]) => ({
    name: name, colour: colour, values: units.map((unit) => share(explanation.units[unit][field])),
  }));
  parts.push({ name: "done, or not begun", colour: "#DDDDDD", values: units.map((unit, i) =>
    Math.max(0, 100 - parts.reduce((sum, part) => sum + part.values[i], 0))) });
  const chart = stackedBars(units, parts, "% of the cycles", (value) => significant(value, 3) + " %");
  chart.xAxis.max = 100;
  return chart;
}

function timelineChart(explanation) {
  const timeline = explanation.timeline;
  if (!timeline) return null;
  const units = [...new Set(timeline.rows.map((row) => row.unit))];
  const places = timeline.rows.length ? timeline.rows[0].busy.length : 0;
  const starts = Array.from({ length: places }, (unused, i) => String(i * timeline.piece_cycles));
  const height = 66 / units.length;
  return Object.assign({}, COMMON, {
    legend: legend([...new Set(timeline.rows.map((row) => row.work))]),
    tooltip: Object.assign({ trigger: "axis", valueFormatter: percent }, COMMON.tooltip),
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: units.map((unit, i) => ({ left: 74, right: 24, top: (20 + i * height) + "%", height: (height - 3) + "%" })),
    xAxis: units.map((unit, i) => ({ type: "category", gridIndex: i, data: starts, axisTick: { show: false },
      axisLabel: { show: i + 1 === units.length, hideOverlap: true, formatter: count }, name: i + 1 === units.length ? "cycles" : "",
      nameLocation: "middle", nameGap: 26 })),
    yAxis: units.map((unit, i) => ({ type: "value", gridIndex: i, min: 0, max: 1, name: unit, nameLocation: "middle", nameGap: 42,
      splitNumber: 2, axisLabel: { formatter: (value) => (100 * value) + " %" } })),
    series: timeline.rows.map((row) => ({ type: "bar", name: row.work, stack: row.unit, xAxisIndex: units.indexOf(row.unit),
      yAxisIndex: units.indexOf(row.unit), data: row.busy, barCategoryGap: "0%", itemStyle: { color: WORK_COLOURS[row.work] } })),
  });
}

// The frame of the charts of studies. Their names are long: they stand beside the chart where it is wide enough.
function framed(names, isNarrow, axes) {
  const beside = { type: "plain", orient: "vertical", right: 0, top: 44, align: "left", data: names, itemWidth: 18, itemHeight: 10,
                   textStyle: { fontSize: 12 } };
  return Object.assign({}, COMMON, axes, {
    legend: isNarrow ? Object.assign(legend(names), { type: "scroll" }) : beside,
    grid: { left: 64, right: isNarrow ? 24 : 52 + 7.2 * Math.max(...names.map((name) => name.length)), top: 48, bottom: 48 },
  });
}

function logAxis(title, gap, values) {
  return { type: "log", min: Math.min(...values), max: Math.max(...values), name: title, nameLocation: "middle", nameGap: gap,
           axisLabel: { hideOverlap: true, formatter: (value) => significant(value, 3) } };
}

// Curves over a logarithmic axis, with bands around those that have one.
function curvesChart(chart, isNarrow) {
  const series = chart.series.flatMap((one, i) => {
    const colour = PALETTE[i % PALETTE.length];
    const line = { type: "line", name: one.name, data: one.x.map((x, k) => [x, one.y[k]]), showSymbol: false, itemStyle: { color: colour },
                   lineStyle: { color: colour, type: LINES[Math.floor(i / PALETTE.length) % LINES.length], width: 2 } };
    return one.low ? [bandSeries(one.name, one, colour, { per_second: 1 }), line] : [line];
  });
  return Object.assign(framed(chart.series.map((one) => one.name), isNarrow, {
    xAxis: logAxis(chart.x_label, 28, chart.series.flatMap((one) => one.x)),
    yAxis: { type: "value", min: chart.y_min, max: chart.y_max, name: chart.y_label, nameLocation: "middle", nameGap: 44 },
  }), { series: series });
}

// Points over two logarithmic axes, and where both are equal.
function pointsChart(chart, isNarrow) {
  const all = chart.series.flatMap((one) => one.x.concat(one.y));
  const series = chart.series.map((one, i) => ({
    type: "scatter", name: one.name, symbolSize: 6, itemStyle: { color: PALETTE[i % PALETTE.length], opacity: 0.6 },
    data: one.x.map((x, k) => [x, one.y[k]]),
  }));
  return Object.assign(framed(chart.series.map((one) => one.name), isNarrow, {
    xAxis: logAxis(chart.x_label, 28, all), yAxis: logAxis(chart.y_label, 44, all),
  }), { series: series.concat([diagonal(Math.min(...all), Math.max(...all))]) });
}

function chartOf(chart, isNarrow) {
  return chart.kind === "points" ? pointsChart(chart, isNarrow) : curvesChart(chart, isNarrow);
}

// Milliseconds of a network's layers: what no schedule can beat, and the rest.
function layerTimesChart(network) {
  const layers = network.layers;
  if (!layers.length) return null;
  const parts = [
    { name: "roofline", colour: "#0072B2", values: layers.map((layer) => Math.min(layer.roofline_ms, layer.ms)) },
    { name: "above it", colour: "#E69F00", values: layers.map((layer) => Math.max(0, layer.ms - layer.roofline_ms)) },
  ];
  return stackedBars(layers.map((layer) => layer.name), parts, "ms", (value) => significant(value, 3) + " ms");
}

function noiseChart(network) {
  const layers = network.layers.filter((layer) => isPresent(layer.signal_to_noise_db));
  if (!layers.length) return null;
  const parts = [{ name: "signal to noise", colour: "#009E73", values: layers.map((layer) => layer.signal_to_noise_db) }];
  return stackedBars(layers.map((layer) => layer.name), parts, "dB", (value) => significant(value, 3) + " dB");
}

// One row for each layer, from its begin to its end.
function layerSpansChart(network) {
  const layers = network.layers;
  if (!layers.length) return null;
  const parts = [
    { name: "before", colour: "transparent", values: layers.map((layer) => layer.begin_ms) },
    { name: "runs", colour: "#0072B2", values: layers.map((layer) => layer.ms) },
  ];
  const chart = stackedBars(layers.map((layer) => layer.name), parts, "ms", (value) => significant(value, 4) + " ms");
  chart.legend.show = false;
  chart.aria = { enabled: true };
  chart.series[0].itemStyle = { color: "transparent" };
  chart.series[0].silent = true;
  return chart;
}

// Bytes of values that are needed, a step at each layer's begin.
function memoryChart(network) {
  const layers = network.layers;
  if (!layers.length) return null;
  const points = layers.map((layer, i) => [layer.begin_ms, network.memory.values[i] / 1024]);
  const last = layers[layers.length - 1];
  points.push([last.begin_ms + last.ms, network.memory.values[layers.length - 1] / 1024]);
  return Object.assign({}, COMMON, {
    grid: { left: 64, right: 24, top: 24, bottom: 44 },
    tooltip: Object.assign({ trigger: "axis", valueFormatter: (value) => significant(value, 4) + " KiB" }, COMMON.tooltip),
    xAxis: effortAxis("ms since the start"),
    yAxis: { type: "value", name: "KiB", nameLocation: "middle", nameGap: 44, axisLabel: { hideOverlap: true } },
    series: [{ type: "line", step: "end", name: "values", data: points, showSymbol: false, areaStyle: { opacity: 0.2 },
               itemStyle: { color: "#0072B2" } }],
  });
}
