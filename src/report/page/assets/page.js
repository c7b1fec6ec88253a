"use strict";
// Puts the model on the page, and in a live view asks for a newer one.

const isLive = document.documentElement.dataset.mode === "live";
const POLL_MS = 2000;
const OPEN_AT_FIRST = 3;

function bestTable(question) {
  if (!question.best.length) return element("p", {}, "Nothing correct was found.");
  const names = question.parameters;
  const columns = [{ title: "time", number: true }, { title: "GOPS", number: true }, { title: "of peak", number: true },
                   { title: "of roofline", number: true }, { title: "index", number: true }, { title: "searcher" }, { title: "seed" },
                   // Paper is narrow: names may break after a low line.
                   ...names.map((name) => ({ title: name.replaceAll("_", "_\u200b"), number: true }))];
  const rows = question.best.map((best) => [
    duration(best.seconds) + (best.tied ? " (tied)" : ""), significant(best.gops, 4), percent(best.share_of_peak),
    percent(best.share_of_roofline), best.index === null ? "-" : String(best.index), best.searcher, best.seed,
    ...names.map((name) => String(best.config[name]))]);
  return table(columns, rows);
}

function groupTable(question) {
  const columns = [{ title: "searcher" }, { title: "runs", number: true }, { title: "trials", number: true }, { title: "correct", number: true },
                   { title: "builds", number: true }, { title: "median best", number: true }, { title: "median cost", number: true }];
  return table(columns, question.groups.map((group) => {
    const trials = Object.values(group.outcomes).reduce((sum, value) => sum + value, 0);
    const cost = Object.values(group.median_cost_s).reduce((sum, value) => sum + value, 0);
    return [group.name, count(group.runs), count(trials), count(group.outcomes.correct || 0), count(group.builds),
            duration(group.median_best_s), duration(cost)];
  }));
}

function failuresTable(question) {
  const columns = [{ title: "outcome, stage", short: true }, { title: "trials", number: true }, { title: "builds", number: true },
                   { title: "reason of the first; the others differ in numbers", wrap: true }];
  return table(columns, question.failures.map((failure) =>
    [failure.stage ? failure.outcome + ", " + failure.stage : failure.outcome, count(failure.trials), count(failure.builds),
     failure.example]));
}

function sharesTable(explanation) {
  const columns = [{ title: "unit" }, { title: "work" }, { title: "instructions", number: true }, { title: "cycles", number: true },
                   { title: "share", number: true }, { title: "bytes", number: true }];
  return table(columns, (explanation.shares || []).map((share) =>
    [share.unit, share.work, count(share.instructions), count(share.cycles), percent(share.cycles / explanation.cycles),
     share.bytes ? count(share.bytes) : ""]));
}

function explanationSections(question, id) {
  const explanation = question.explanation;
  if (!explanation) return [];
  const bound = "Bound by " + explanation.bound + (explanation.next_bound ? "; then by " + explanation.next_bound : "") + ".";
  return [
    chartSection(id + "-utilisation", "The best program: its units", bound, utilisationChart(explanation)),
    element("section", {}, element("h3", {}, "The best program: its work"), sharesTable(explanation)),
    chartSection(id + "-timeline", "The best program: timeline", "How busy each unit is, by kind of work, from launch to end.",
                 timelineChart(explanation), { wide: true, height: "380px" }),
  ];
}

function learnedRule(rule) {
  const parts = [rule.counts, rule.limit, rule.is_news ? "" : rule.standing].filter((part) => part).join("; ");
  const news = rule.is_news ? [element("br"), element("strong", { class: "flag" }, rule.standing)] : [];
  return element("li", {}, element("code", {}, rule.rule), " \u2192 " + parts, ...news);
}

function knownRule(rule) {
  const text = rule.broken ? count(rule.failed) + " of " + count(rule.broken) + " that break it failed" : "no config breaks it";
  const flag = "DISAGREES: " + count(rule.disagreements) + " were correct all the same, such as " + rule.example;
  const flags = rule.disagreements ? [element("br"), element("strong", { class: "flag" }, flag)] : [];
  return element("li", {}, rule.rule + ": " + text, ...flags);
}

function failureBranch(failure) {
  const rules = failure.rules.map(learnedRule);
  if (failure.unexplained) rules.push(element("li", { class: "note" }, count(failure.unexplained) + " that no rule explains"));
  if (!rules.length) rules.push(element("li", { class: "note" }, "explained by rules for other failures"));
  return element("li", {}, failure.failure + ": " + count(failure.configs), element("ul", {}, ...rules));
}

function knownRules(rules) {
  if (rules.no_known) return element("p", { class: "note" }, "What the target knew is not available: " + rules.no_known + ".");
  if (!rules.known.length) return element("p", { class: "note" }, "The target knew no rules beforehand.");
  return element("ul", { class: "rules" }, ...rules.known.map(knownRule));
}

// A tree: ways to fail, and the rules that explain them; beside it what the target knew.
function rulesSection(rules) {
  if (!rules) return null;
  const note = count(rules.learned) + (rules.learned === 1 ? " rule, which explains " : " rules, which explain ") +
    count(rules.explained) + " of " + count(rules.failed) + " failed configs. All that meet a rule failed so far." +
    (rules.left_out.learned ? " " + count(rules.left_out.learned) + " are not shown." : "");
  const leftOut = rules.left_out.known ? [element("p", { class: "note" }, count(rules.left_out.known) + " more are not shown.")] : [];
  return element("section", { class: "wide text" }, element("h3", {}, "What the trials teach"), element("p", { class: "note" }, note),
                 element("ul", { class: "rules" }, ...rules.failures.map(failureBranch)),
                 element("h3", {}, "What the target knew"), knownRules(rules), ...leftOut);
}

function predictionNote(prediction) {
  const note = "What the target's model says of each program before it runs.";
  if (!prediction) return note;
  return note + " Estimates of " + count(prediction.trials) + ": median error " + significant(prediction.median_error_percent, 2) +
    " %, rank correlation " + significant(prediction.spearman, 3) + ".";
}

function questionSections(question, id) {
  const isNarrow = document.documentElement.clientWidth < 600;
  const shown = question.sample.trial.length;
  const of = shown < question.trials ? count(shown) + " of " + count(question.trials) + " trials. " : "";
  const band = question.groups.some((group) => group.by_cost) ? "Lines: medians over runs; bands: quartiles." : "";
  const tall = isNarrow ? { wide: true, height: (60 * question.parameters.length + 160) + "px" } : { wide: true, height: "420px" };
  const failures = element("section", { class: "wide text" }, element("h3", {}, "Why configs failed"), failuresTable(question));
  return [
    chartSection(id + "-measurements", "Best so far by measurements", band, bestSoFarChart(question, "measurements")),
    chartSection(id + "-cost", "Best so far by cost", "Seconds of all builds and runs, summed.", bestSoFarChart(question, "cost_s")),
    chartSection(id + "-outcomes", "Outcomes", "", outcomesChart(question)),
    chartSection(id + "-tiers", "Cost of the tiers", "", costsChart(question)),
    question.failures.length ? failures : null,
    rulesSection(question.rules),
    chartSection(id + "-space", "The space", of + "One line a config. Correct ones from fast (dark blue) to slow (yellow); the legend " +
                 "shows and hides outcomes.", spaceChart(question, isNarrow), tall),
    chartSection(id + "-predicted", "Predicted and measured", predictionNote(question.prediction), predictionChart(question)),
    ...explanationSections(question, id),
  ].filter((section) => section);
}

function summaryOf(question) {
  const best = question.best[0];
  return question.workload + " on " + question.target + (question.version ? " (" + question.version + ")" : "") + ": " +
    (best ? duration(best.seconds) + (best.gops ? ", " + significant(best.gops, 4) + " GOPS" : "") : "nothing correct yet");
}

function questionDetails(question, number, isOpen) {
  const id = "question-" + number;
  const details = element("details", { class: "question", id: id }, element("summary", {}, element("h2", {}, summaryOf(question))));
  details.open = isOpen;
  details.addEventListener("toggle", drawVisible);
  const about = question.shape + "; " + count(question.trials) + " trials in " + count(question.runs) + (question.runs === 1 ? " run." : " runs.") +
    (question.groups_left_out ? " " + count(question.groups_left_out) + " more groups of runs are not shown." : "");
  details.append(element("p", { class: "note" }, about), element("h3", {}, "Best configs"), bestTable(question),
                 element("h3", {}, "Runs by searcher"), groupTable(question),
                 element("div", { class: "charts" }, ...questionSections(question, id)));
  return details;
}

function layerTable(network) {
  const columns = [{ title: "layer" }, { title: "operation" }, { title: "MACs", number: true }, { title: "ms", number: true },
                   { title: "roofline ms", number: true }, { title: "of roofline", number: true }, { title: "bound by" },
                   { title: "signal to noise dB", number: true }];
  return table(columns, network.layers.map((layer) =>
    [layer.name, layer.operation + (layer.details ? " " + layer.details : ""), count(layer.macs), significant(layer.ms, 4),
     significant(layer.roofline_ms, 4), percent(layer.ms > 0 ? layer.roofline_ms / layer.ms : null), layer.bound,
     isPresent(layer.signal_to_noise_db) ? significant(layer.signal_to_noise_db, 3) : "-"]));
}

function networkSections(network, id) {
  const tall = { wide: true, height: (24 * network.layers.length + 130) + "px" };
  const always = network.memory.always.map((one) => one.name + " " + count(one.bytes)).join(", ");
  const time = network.time;
  return [
    chartSection(id + "-times", "Time by layer", "What no schedule of a layer can beat, and what is above it.", layerTimesChart(network), tall),
    chartSection(id + "-noise", "Where accuracy goes", "The energy of the real numbers over that of their error, on " +
                 count(network.samples) + " samples.", noiseChart(network), tall),
    chartSection(id + "-spans", "Timeline of the layers", "", layerSpansChart(network), tall),
    chartSection(id + "-memory", "Memory over time", "Values that are still needed. Bytes of the tensors: " + always + ".",
                 memoryChart(network), { wide: true }),
    ...(time ? [
      chartSection(id + "-units", "Units", "Bound by " + time.bound + ".", utilisationChart(time)),
      element("section", {}, element("h3", {}, "Work"), sharesTable(time)),
      chartSection(id + "-timeline", "Timeline of the units", "How busy each unit is, by kind of work, from launch to end.",
                   timelineChart(time), { wide: true, height: "380px" }),
    ] : []),
  ].filter((section) => section);
}

function networkDetails(network, number, isOpen) {
  const id = "network-" + number;
  const title = network.name + " on " + network.target + ": " + significant(network.simulated_ms, 4) + " ms";
  const details = element("details", { class: "question", id: id }, element("summary", {}, element("h2", {}, title)));
  details.open = isOpen;
  details.addEventListener("toggle", drawVisible);
  const roofline = network.layers.reduce((sum, layer) => sum + layer.roofline_ms, 0);
  const about = count(network.layers.length) + " layers on the VTA, " + percent(network.share_of_macs_on_vta) +
    " of the multiply-accumulates; the roofline of all is " + significant(roofline, 4) + " ms." +
    (network.samples ? " " + count(network.agree) + " of " + count(network.samples) + " samples have the class of the float network." : "");
  details.append(element("p", { class: "note" }, about), layerTable(network));
  if (network.host.length) {
    details.append(element("h3", {}, "On the host"), table([{ title: "node" }, { title: "operation" }, { title: "why", wrap: true }],
                   network.host.map((node) => [node.name, node.operation, node.reason])));
  }
  details.append(element("div", { class: "charts" }, ...networkSections(network, id)));
  return details;
}

function runsSection(model) {
  const columns = [{ title: "log" }, { title: "run", number: true }, { title: "workload" }, { title: "searcher" }, { title: "seed" },
                   { title: "trials", number: true }, { title: "correct", number: true }, { title: "best", number: true },
                   { title: "cost", number: true }, { title: "started" }, { title: "version" }, { title: "machine", number: true },
                   { title: "options", wrap: true }];
  const rows = model.runs.map((run) => {
    const question = model.questions[run.question];
    const log = model.logs[run.log];
    return [log ? log.name : "-", String(run.run), question ? question.workload : "-", run.searcher, run.seed, count(run.trials),
            count(run.outcomes.correct || 0), duration(run.best_s), duration(run.cost_s.search_build + run.cost_s.build + run.cost_s.run),
            dateOf(run.started), run.foothold, String(run.machine + 1), listOf(run.options)];
  });
  const machines = model.machines.map((machine, i) => [String(i + 1), listOf(machine) || "unknown"]);
  return element("details", { class: "question", id: "runs", open: "" },
                 element("summary", {}, element("h2", {}, "Runs and machines")), table(columns, rows),
                 table([{ title: "machine", number: true }, { title: "what is known of it", wrap: true }], machines));
}

function leftOut(model) {
  const parts = Object.entries(model.left_out).filter(([, number]) => number > 0).map(([what, number]) => count(number) + " " + what);
  const notes = model.logs.filter((log) => log.note).map((log) => element("p", { class: "note" }, "Note: " + log.note));
  if (parts.length) notes.push(element("p", { class: "note" }, "Not shown, because the page would be too large: " + parts.join(", ") + "."));
  return notes;
}

function show(model) {
  const report = document.getElementById("report");
  const wasOpen = new Map([...report.querySelectorAll("details")].map((details) => [details.id, details.open]));
  const isOpen = (id, otherwise) => wasOpen.has(id) ? wasOpen.get(id) : otherwise;
  const questions = model.questions.map((question, i) => questionDetails(question, i, isOpen("question-" + i, i < OPEN_AT_FIRST)));
  const networks = model.networks || [];
  const folders = networks.map((network, i) => networkDetails(network, i, isOpen("network-" + i, i < OPEN_AT_FIRST)));
  const runs = model.logs.length || !folders.length ? [runsSection(model)] : [];
  for (const section of runs) section.open = isOpen("runs", true);
  report.replaceChildren(...leftOut(model), ...folders, ...questions, ...runs);
  const title = networks.map((network) => network.name).concat(model.logs.map((log) => log.name)).join(", ");
  document.title = "Foothold: " + title;
  if (!isLive) status(title);
  drawVisible();
  document.documentElement.dataset.state = "ready";
}

function status(text, isStale) {
  const line = document.getElementById("status");
  line.textContent = text;
  line.className = isStale ? "stale" : "";
}

let lastText = "";

// What the server says now; null when it does not answer.
async function ask() {
  try {
    const answer = await fetch("data.json", { cache: "no-store" });
    return answer.ok ? await answer.text() : null;
  } catch (error) {
    return null;
  }
}

async function poll() {
  const text = await ask();
  window.setTimeout(poll, POLL_MS);
  if (text === null) {
    status("The tuning run no longer answers: this is what it had found when it last did.", true);
    return;
  }
  status("Live: this page follows the tuning run. Last looked at " + new Date().toLocaleTimeString() + ".");
  if (text === lastText) return;
  lastText = text;
  show(JSON.parse(text));
}

if (isLive) {
  status("Waiting for the first measurements.");
  poll();
} else {
  show(JSON.parse(document.getElementById("model").textContent));
}
