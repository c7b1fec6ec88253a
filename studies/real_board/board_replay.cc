#include "studies/real_board/board_replay.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/json.h"
#include "base/statistics.h"
#include "base/table.h"
#include "records/ground_truth/ground_truth.h"
#include "studies/time_to_best/search_run.h"
#include "targets/vta/vta_task.h"

namespace foothold::studies {
namespace {

constexpr const char* kStages[] = {"", "compile", "run", "timeout"};  // by TrialFate
constexpr Outcome kOutcomes[] = {Outcome::kCorrect, Outcome::kCompile, Outcome::kRuntime,
                                 Outcome::kTimeout};

/// One layer's trials, by Space::IndexOf of their configs; of repeated ones the last.
struct BoardLayer {
  const vta::VtaMachine* machine = nullptr;
  std::unique_ptr<TargetTask> task;
  std::map<std::uint64_t, const BoardTrial*> trials;
};

Result<std::vector<BoardLayer>> GroupByLayer(const vta::VtaMachine& machine,
                                             const std::vector<BoardTrial>& trials) {
  std::vector<BoardLayer> layers;
  std::map<std::string, std::size_t> places;
  for (const BoardTrial& trial : trials) {
    const auto [place, added] = places.try_emplace(trial.workload.name, layers.size());
    if (added) {
      FOOTHOLD_ASSIGN_OR_RETURN(auto task, vta::VtaTask::Create(machine, trial.workload));
      layers.push_back({&machine, std::move(task), {}});
    }
    BoardLayer& layer = layers[place->second];
    FOOTHOLD_ASSIGN_OR_RETURN(const Config config, layer.task->space().FromValues(trial.values));
    layer.trials[layer.task->space().IndexOf(config)] = &trial;
  }
  return layers;
}

/// The trials as the whole truth; configs that were not tried are outside the space.
Result<records::GroundTruth> TruthOf(const BoardLayer& layer, const MeasuringProtocol& protocol,
                                     bool with_estimates) {
  const TargetTask& task = *layer.task;
  vta::Simulator simulator(layer.machine->geometry, layer.machine->timing);
  records::GroundTruthHeader header;
  header.target = "board";
  header.workload = task.workload();
  header.parameters = task.space().parameters();
  FOOTHOLD_ASSIGN_OR_RETURN(records::GroundTruth truth,
                            records::GroundTruth::Create(std::move(header)));
  while (!truth.complete()) {
    const auto found = layer.trials.find(truth.size());
    if (found == layer.trials.end()) {
      FOOTHOLD_RETURN_IF_ERROR(truth.Add({Outcome::kConstraints, "not tried", false, {}, {}}, {}));
      continue;
    }
    const BoardTrial& trial = *found->second;
    const auto fate = static_cast<std::size_t>(RecordedFate(trial, protocol));
    records::Verdict verdict = {
        kOutcomes[fate], kStages[fate], kOutcomes[fate] != Outcome::kCompile, {}, {}};
    std::vector<double> values;
    if (trial.seconds && kOutcomes[fate] == Outcome::kCorrect) values.push_back(*trial.seconds);
    if (with_estimates && verdict.built) {
      FOOTHOLD_ASSIGN_OR_RETURN(const TrialPrediction predicted,
                                PredictTrial(*layer.machine, simulator, trial, protocol));
      verdict.program_metrics = {kEstimateMetric};
      // What the simulator refuses, it promises nothing of.
      values.push_back(predicted.seconds > 0 ? predicted.seconds : 1e30);
    }
    FOOTHOLD_RETURN_IF_ERROR(truth.Add(verdict, values));
  }
  return truth;
}

Result<SearchProblem> ProblemOf(const BoardLayer& layer, Knowledge knowledge, std::uint64_t seed) {
  FOOTHOLD_ASSIGN_OR_RETURN(SearchProblem problem, MakeSearchProblem(*layer.task, seed, knowledge));
  std::vector<Constraint> constraints = problem.space.constraints();
  std::vector<std::string> names;
  for (const Parameter& parameter : problem.space.parameters()) names.push_back(parameter.name);
  std::vector<std::vector<std::int64_t>> tried;
  for (const auto& [index, trial] : layer.trials) tried.push_back(trial->values);
  constraints.push_back(Constraint::OneOf("tried on the board", names, tried));
  FOOTHOLD_ASSIGN_OR_RETURN(problem.space,
                            Space::Create(problem.space.parameters(), std::move(constraints)));
  return problem;
}

/// Trials until one took `enough` seconds or less; all of them when none did.
std::uint64_t TrialsUntil(const SearchRun& run, double enough) {
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    if (run.steps[i].outcome == Outcome::kCorrect && run.steps[i].seconds <= enough) return i + 1;
  }
  return run.steps.size();
}

Result<BoardReplayEntry> RunEntrant(const BoardLayer& layer, const records::GroundTruth& truth,
                                    const Entrant& entrant, Knowledge knowledge,
                                    const BoardReplayOptions& options) {
  BoardReplayEntry entry;
  entry.entrant = entrant.name;
  entry.knowledge = knowledge;
  const double best = *truth.best_seconds();
  for (std::uint64_t i = 0; i < options.seeds; ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(const SearchProblem problem,
                              ProblemOf(layer, knowledge, options.first_seed + i));
    const std::unique_ptr<Searcher> searcher = entrant.make(problem);
    SearchRunOptions run_options;
    run_options.budget = layer.trials.size();
    run_options.batch_size = options.batch_size;
    const SearchRun run = RunSearch(*searcher, knowledge, truth, run_options);
    entry.to_best.push_back(TrialsUntil(run, best));
    entry.to_5_percent.push_back(TrialsUntil(run, 1.05 * best));
  }
  return entry;
}

std::string Spread(const std::vector<std::uint64_t>& counts) {
  std::vector<double> values(counts.begin(), counts.end());
  return fmt::format("{:g} ({})", *base::Median(values),
                     *std::max_element(counts.begin(), counts.end()));
}

base::Table SearchersTable(const BoardReplay& replay) {
  std::vector<std::string> titles = {"searcher", "mode"};
  for (const BoardReplayLayer& layer : replay.layers) {
    titles.push_back(layer.name + ": best");
    titles.push_back("within 5 %");
  }
  base::Table table = base::Table::OfNumbers(titles);
  for (std::size_t e = 0; e < replay.layers.front().entries.size(); ++e) {
    const BoardReplayEntry& first = replay.layers.front().entries[e];
    std::vector<std::string> row = {first.entrant, std::string(ToString(first.knowledge))};
    for (const BoardReplayLayer& layer : replay.layers) {
      row.push_back(Spread(layer.entries[e].to_best));
      row.push_back(Spread(layer.entries[e].to_5_percent));
    }
    table.AddRow(std::move(row));
  }
  return table;
}

base::Table LayersTable(const BoardReplay& replay) {
  base::Table table = base::Table::OfNumbers({"layer", "configs tried", "valid", "best, ms"});
  for (const BoardReplayLayer& layer : replay.layers) {
    table.AddRow({layer.name, std::to_string(layer.configs), std::to_string(layer.valid),
                  fmt::format("{:.3f}", 1e3 * layer.best_seconds)});
  }
  return table;
}

base::Json DataOf(const BoardReplay& replay) {
  base::Json json = {{"target", replay.target},
                     {"seeds", replay.options.seeds},
                     {"first_seed", replay.options.first_seed},
                     {"batch_size", replay.options.batch_size}};
  for (const BoardReplayLayer& layer : replay.layers) {
    base::Json entries = base::Json::Array();
    for (const BoardReplayEntry& entry : layer.entries) {
      entries.push_back({{"searcher", entry.entrant},
                         {"knowledge", ToString(entry.knowledge)},
                         {"to_best", entry.to_best},
                         {"to_5_percent", entry.to_5_percent}});
    }
    json["layers"].push_back({{"name", layer.name},
                              {"configs", layer.configs},
                              {"valid", layer.valid},
                              {"best_seconds", layer.best_seconds},
                              {"entries", entries}});
  }
  return json;
}

}  // namespace

Result<BoardReplay> ReplayBoard(const vta::VtaMachine& machine,
                                const std::vector<BoardTrial>& trials,
                                const std::vector<Entrant>& entrants,
                                const BoardReplayOptions& options) {
  BoardReplay replay;
  replay.target = "vta:" + machine.name;
  replay.options = options;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<BoardLayer> layers, GroupByLayer(machine, trials));
  if (layers.empty()) return Status::InvalidArgument("there are no trials to replay");
  for (const BoardLayer& layer : layers) {
    FOOTHOLD_ASSIGN_OR_RETURN(const records::GroundTruth plain,
                              TruthOf(layer, options.protocol, false));
    FOOTHOLD_ASSIGN_OR_RETURN(const records::GroundTruth estimated,
                              TruthOf(layer, options.protocol, true));
    const std::string& name = layer.task->workload().name;
    if (!plain.best_seconds()) {
      return Status::InvalidArgument(fmt::format("{}: no trial was correct", name));
    }
    BoardReplayLayer& result = replay.layers.emplace_back();
    result.name = name;
    result.configs = layer.trials.size();
    result.valid = plain.valid_count();
    result.best_seconds = *plain.best_seconds();
    for (const Entrant& entrant : entrants) {
      for (const Knowledge knowledge : entrant.modes) {
        const records::GroundTruth& truth = knowledge == Knowledge::kHardware ? estimated : plain;
        FOOTHOLD_ASSIGN_OR_RETURN(BoardReplayEntry entry,
                                  RunEntrant(layer, truth, entrant, knowledge, options));
        result.entries.push_back(std::move(entry));
      }
    }
  }
  return replay;
}

Page ToPage(const BoardReplay& replay) {
  Page page("board", "A real board's trials, replayed", "foothold-study board --output-dir");
  page.Text(fmt::format(
      "Measurements up to and including the best config that was logged, and the first within 5 % "
      "of it: the median over {} seeds, and the most. Only logged configs are proposed. In mode "
      "hardware the simulated board {} is the prior.",
      replay.options.seeds, replay.target));
  page.Add(SearchersTable(replay));
  page.Add(LayersTable(replay));
  page.SetData(DataOf(replay));
  return page;
}

}  // namespace foothold::studies
