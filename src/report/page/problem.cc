#include "report/page/problem.h"

#include <algorithm>

#include "base/json.h"
#include "base/statistics.h"
#include "core/space/parameters_json.h"
#include "core/target/explanation_json.h"
#include "report/page/model_text.h"
#include "report/page/rules.h"
#include "report/page/trial_sample.h"

namespace foothold::report {
namespace {

constexpr std::size_t kMaxParameters = 24;  // axes that fit a page
constexpr std::size_t kMaxExplanationBytes = 40'000;

std::vector<const RunLog*> LogsOf(const std::vector<const ListedRun*>& listed) {
  std::vector<const RunLog*> runs;
  for (const ListedRun* run : listed) runs.push_back(run->run);
  return runs;
}

std::vector<const RunLog*> LogsOf(const Question& question) {
  std::vector<const RunLog*> runs;
  for (const ListedRun& listed : question.runs) runs.push_back(listed.run);
  return runs;
}

base::Json BandJson(const Band& band) {
  base::Json json = {{"x", base::Json::Array()},
                     {"low", base::Json::Array()},
                     {"median", base::Json::Array()},
                     {"high", base::Json::Array()}};
  for (std::size_t i = 0; i < band.x.size(); ++i) {
    json["x"].push_back(Rounded(band.x[i]));
    json["low"].push_back(Rounded(band.low[i]));
    json["median"].push_back(Rounded(band.median[i]));
    json["high"].push_back(Rounded(band.high[i]));
  }
  return json;
}

base::Json CurveJson(const ListedRun& listed) {
  const RunCurve& curve = listed.curve;
  base::Json json = {{"run", listed.id},
                     {"measurements", base::Json::Array()},
                     {"cost_s", base::Json::Array()},
                     {"best_s", base::Json::Array()}};
  const auto add = [&](std::uint64_t measurements, double cost_s, double best_s) {
    json["measurements"].push_back(measurements);
    json["cost_s"].push_back(Rounded(cost_s));
    json["best_s"].push_back(Rounded(best_s));
  };
  for (const Improvement& improvement : curve.improvements) {
    add(improvement.measurements, improvement.cost_s, improvement.best_s);
  }
  if (!curve.improvements.empty()) {
    add(curve.measurements, curve.costs.total_s(), curve.improvements.back().best_s);
  }
  return json;
}

std::optional<double> MedianBest(const RunGroup& group) {
  std::vector<double> best;
  for (const ListedRun* listed : group.runs) {
    if (listed->curve.improvements.empty()) return std::nullopt;
    best.push_back(listed->curve.improvements.back().best_s);
  }
  return base::Median(best);
}

std::optional<double> MedianOf(const RunGroup& group, double TierCosts::*tier) {
  std::vector<double> costs;
  for (const ListedRun* listed : group.runs) costs.push_back(listed->curve.costs.*tier);
  return base::Median(costs);
}

base::Json GroupJson(const RunGroup& group, const Detail& detail) {
  std::vector<RunCurve> curves;
  std::uint64_t builds = 0;
  for (const ListedRun* listed : group.runs) {
    curves.push_back(listed->curve);
    builds += listed->run->builds.size();
  }
  base::Json json = {{"name", Shortened(group.name)},
                     {"runs", group.runs.size()},
                     {"outcomes", OutcomesJson(LogsOf(group.runs))},
                     {"builds", builds},
                     {"median_best_s", Rounded(MedianBest(group))},
                     {"median_cost_s",
                      {{"search_build", Rounded(MedianOf(group, &TierCosts::search_build_s))},
                       {"build", Rounded(MedianOf(group, &TierCosts::build_s))},
                       {"run", Rounded(MedianOf(group, &TierCosts::run_s))}}}};
  json["curves"] = base::Json::Array();
  for (std::size_t i = 0; i < std::min(detail.curves, group.runs.size()); ++i) {
    json["curves"].push_back(CurveJson(*group.runs[i]));
  }
  if (group.runs.size() > 1 || detail.curves == 0) {
    json["by_measurements"] = BandJson(BandOf(curves, EffortAxis::kMeasurements, detail.points));
    json["by_cost"] = BandJson(BandOf(curves, EffortAxis::kSeconds, detail.points));
  }
  return json;
}

base::Json FailuresJson(const Question& question, std::size_t limit) {
  const std::vector<FailureCount>& counts = question.failures;
  base::Json json = base::Json::Array();
  for (std::size_t i = 0; i < std::min(limit, counts.size()); ++i) {
    json.push_back({{"outcome", ToString(counts[i].outcome)},
                    {"stage", Shortened(counts[i].stage, 60)},
                    {"example", Shortened(counts[i].example)},
                    {"trials", counts[i].trials},
                    {"builds", counts[i].builds}});
  }
  return json;
}

// The parameters that have a choice.
std::vector<std::size_t> ShownParameters(const RunHeader& header) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < header.parameters.size() && shown.size() < kMaxParameters; ++i) {
    if (header.parameters[i].values.size() > 1) shown.push_back(i);
  }
  return shown;
}

base::Json MetricJson(const Measurement& measurement, const char* name) {
  const auto found = measurement.metrics.find(name);
  if (measurement.outcome() != Outcome::kCorrect || found == measurement.metrics.end()) {
    return nullptr;
  }
  return Rounded(found->second);
}

// By column, because that is shorter than a list of objects.
base::Json SampleJson(const Question& question, std::size_t limit) {
  const auto sample = SampleTrials(LogsOf(question), limit);
  const auto shown = ShownParameters(question.header());
  const auto& parameters = question.header().parameters;
  base::Json json = base::Json::Object();
  for (const char* column : {"trial", "outcome", "seconds", kEstimateMetric, kLowerBoundMetric}) {
    json[column] = base::Json::Array();
  }
  json["values"] = base::Json::Array();
  for (std::size_t i = 0; i < shown.size(); ++i) json["values"].push_back(base::Json::Array());
  for (const SampledTrial& sampled : sample) {
    const Measurement& measurement = sampled.trial->measurement;
    const bool correct = measurement.outcome() == Outcome::kCorrect;
    json["trial"].push_back(sampled.trial->trial);
    json["outcome"].push_back(static_cast<int>(measurement.outcome()));
    json["seconds"].push_back(correct ? base::Json(Rounded(measurement.MedianSeconds()))
                                      : base::Json());
    for (const char* metric : {kEstimateMetric, kLowerBoundMetric}) {
      json[metric].push_back(MetricJson(measurement, metric));
    }
    for (std::size_t i = 0; i < shown.size(); ++i) {
      json["values"][i].push_back(
          parameters[shown[i]].values[measurement.config.choices[shown[i]]]);
    }
  }
  return json;
}

// How well the target's estimates agree with the times, over all correct trials.
base::Json PredictionJson(const Question& question) {
  std::vector<double> measured;
  std::vector<double> estimated;
  for (const RankedTrial& trial : question.ranked) {
    const Metrics& metrics = trial.measurement.metrics;
    const auto estimate = metrics.find(kEstimateMetric);
    if (estimate == metrics.end()) continue;
    measured.push_back(trial.measurement.MedianSeconds());
    estimated.push_back(estimate->second);
  }
  if (measured.empty()) return nullptr;
  return {
      {"trials", measured.size()},
      {"spearman", Rounded(base::SpearmanRho(measured, estimated))},
      {"median_error_percent", Rounded(base::MedianAbsolutePercentageError(measured, estimated))}};
}

base::Json ConfigJson(const RunHeader& header, const Config& config) {
  base::Json json = base::Json::Object();
  for (const std::size_t i : ShownParameters(header)) {
    const Parameter& parameter = header.parameters[i];
    const ParameterValue value = parameter.ValueAt(config.choices[i]);
    const auto* text = std::get_if<std::string>(&value);
    json[Shortened(parameter.name, 60)] =
        text != nullptr ? base::Json(Shortened(*text, 60)) : space::ToJson(value);
  }
  return json;
}

base::Json ShareJson(double part, double whole) {
  if (part <= 0 || whole <= 0) return nullptr;
  return Rounded(part / whole);
}

base::Json BestJson(const Question& question, std::size_t top) {
  const RunHeader& header = question.header();
  const auto operations = static_cast<double>(OperationCount(header.workload));
  const auto space = Space::Create(header.parameters);
  const auto is_tied = [&](const RankedTrial& trial) {
    const auto tied = TiedInLastFinal(*question.ranked.front().run);
    return tied.size() > 1 && trial.run == question.ranked.front().run &&
           std::any_of(tied.begin(), tied.end(),
                       [&](const Measurement& m) { return m.config == trial.measurement.config; });
  };
  base::Json json = base::Json::Array();
  for (const RankedTrial* trial : Fastest(question.ranked, top)) {
    const double seconds = trial->measurement.MedianSeconds();
    const Config& config = trial->measurement.config;
    json.push_back({{"seconds", Rounded(seconds)},
                    {"gops", ShareJson(operations / 1e9, seconds)},
                    {"share_of_peak",
                     ShareJson(operations / seconds, question.facts.peak_operations_per_second)},
                    {"share_of_roofline", ShareJson(question.facts.roofline_seconds, seconds)},
                    {"index", space.ok() ? base::Json(space->IndexOf(config)) : base::Json()},
                    {"searcher", Shortened(trial->run->header.searcher, 60)},
                    {"seed", std::to_string(trial->run->header.seed)},
                    {"tied", is_tied(*trial)},
                    {"config", ConfigJson(header, config)}});
  }
  return json;
}

// Where the best config's time goes, if the target said that of its units.
base::Json BestExplained(const TargetFacts& facts) {
  if (!facts.explanation || facts.explanation->units.empty()) return nullptr;
  base::Json json = target::ExplanationJson(*facts.explanation);
  return json.Dump().size() > kMaxExplanationBytes ? base::Json() : json;
}

}  // namespace

base::Json OutcomesJson(const std::vector<const RunLog*>& runs) {
  std::map<Outcome, std::uint64_t> counts;
  for (const RunLog* run : runs) {
    for (const TrialRecord& trial : run->trials) ++counts[trial.measurement.outcome()];
  }
  base::Json json = base::Json::Object();
  for (const auto& [outcome, count] : counts) json[std::string(ToString(outcome))] = count;
  return json;
}

base::Json CostsJson(const TierCosts& costs) {
  return {{"search_build", Rounded(costs.search_build_s)},
          {"build", Rounded(costs.build_s)},
          {"run", Rounded(costs.run_s)}};
}

base::Json QuestionJson(const Question& question, const std::vector<RunGroup>& groups,
                        const Detail& detail) {
  const RunHeader& header = question.header();
  std::uint64_t trials = 0;
  for (const ListedRun& listed : question.runs) trials += listed.run->trials.size();
  base::Json json = {
      {"workload", Shortened(header.workload.name, 100)},
      {"shape", Shortened(ToString(header.workload))},
      {"target", Shortened(header.target, 100)},
      {"version",
       question.version.empty() ? base::Json() : base::Json(Shortened(question.version))},
      {"operations", OperationCount(header.workload)},
      {"peak_operations_per_second", Rounded(question.facts.peak_operations_per_second)},
      {"roofline_s", Rounded(question.facts.roofline_seconds)},
      {"runs", question.runs.size()},
      {"trials", trials},
      {"outcomes", OutcomesJson(LogsOf(question))}};
  json["best"] = BestJson(question, detail.best);
  json["groups"] = base::Json::Array();
  const std::size_t shown = std::min(detail.groups, groups.size());
  for (std::size_t i = 0; i < shown; ++i) json["groups"].push_back(GroupJson(groups[i], detail));
  json["groups_left_out"] = groups.size() - shown;
  json["failures"] = FailuresJson(question, detail.failures);
  json["rules"] = RulesJson(question.rules, detail.rules);
  json["parameters"] = base::Json::Array();
  for (const std::size_t i : ShownParameters(header)) {
    json["parameters"].push_back(Shortened(header.parameters[i].name, 60));
  }
  json["prediction"] = PredictionJson(question);
  json["sample"] = SampleJson(question, detail.trials);
  json["explanation"] = detail.explanation ? BestExplained(question.facts) : base::Json();
  return json;
}

}  // namespace foothold::report
