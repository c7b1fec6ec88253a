#include "studies/faults/faults_benchmark.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/table.h"
#include "base/text.h"
#include "studies/faults/faulty_run.h"

namespace foothold::studies {
namespace {

/// `processes` is less than what fork_many forks; a report of 100,000 times fits `output_mb`.
constexpr const char* kLimits =
    R"("cpu_s": 0.5, "memory_mb": 64, "output_mb": 8, "file_mb": 2, "processes": 16)";
constexpr const char* kTargetFile = R"({{
  "format": "foothold-command-target", "version": 1, "exact_times": {},
  "parameters": [{{"name": "kind", "values": [{}]}}, {{"name": "seconds", "values": [{}]}}],
  "environment": {{"MISBEHAVE_SIGN": {}}}, "outputs": [{}],
{}  "run": {{"command": [{}, {}, "{{seconds}}{{kind}}", {}], "limits": {{"wall_s": {}, {}}}}}
}})";
constexpr const char* kBuild =
    R"(  "build": {{"command": [{}, {}, "{{seconds}}{{kind}}", "{{kind}}"], "limits": {{"wall_s": {}, {}}}}},
)";

/// Two digits each, as fork_many forks as many processes as it is told seconds.
constexpr const char* kSeconds = "11, 10";
constexpr const char* kBest = "kind=0 seconds=10";
/// For those that are to reach it, and for all others, whatever else the machine does.
constexpr double kWallLimitSeconds = 1;
constexpr double kAmpleSeconds = 20;

std::string Quoted(const std::string& text) { return base::Json(text).Dump(); }

/// "runtime, run.signal"
std::string Became(const Measurement& measured) {
  const std::string outcome(ToString(measured.outcome()));
  return measured.failure ? outcome + ", " + measured.failure->stage : outcome;
}

class FaultsBenchmark {
 public:
  FaultsBenchmark(Env& env, const FaultsBenchmarkOptions& options, std::string directory)
      : env_(env), options_(options), directory_(std::move(directory)) {}

  Result<std::vector<FaultsBenchmarkRow>> Run() {
    for (const bool is_repeated : {false, true}) {
      const FaultKind behave{"behave", {"correct"}, false, is_repeated};
      FOOTHOLD_ASSIGN_OR_RETURN(const FaultsBenchmarkRow undisturbed, RunKind(behave));
      if (!undisturbed.all_right()) {
        return Status::Unavailable(fmt::format("{}: a run without any fault failed: {}",
                                               options_.program, undisturbed.error));
      }
      seconds_of_good_.at(is_repeated ? 1 : 0) = seconds_ / candidates_;
    }
    std::vector<FaultsBenchmarkRow> rows;
    for (const FaultKind& kind : FaultKinds()) {
      if (!IsWanted(kind)) continue;
      FOOTHOLD_ASSIGN_OR_RETURN(FaultsBenchmarkRow row, RunKind(kind));
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  bool IsWanted(const FaultKind& kind) const {
    const auto& wanted = options_.kinds;
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), kind.name) != wanted.end();
  }

  Result<FaultsBenchmarkRow> RunKind(const FaultKind& kind) {
    FaultsBenchmarkRow row;
    row.kind = kind.name;
    if (kind.in_build) row.kind += " (build)";
    if (kind.is_repeated) row.kind += " (repeated)";
    row.runs = options_.runs;
    FaultTarget target{options_.program,
                       directory_ + "/signed",
                       {"behave", kind.name},
                       kSeconds,
                       kind.hangs() ? kWallLimitSeconds : kAmpleSeconds,
                       kind.in_build,
                       kind.is_repeated};
    seconds_ = candidates_ = 0;
    for (int run = 0; run < options_.runs; ++run) {
      FOOTHOLD_ASSIGN_OR_RETURN(
          const FaultyRun done,
          TuneFaulty(env_, target, fmt::format("{}/{}", directory_, runs_++),
                     options_.seed + static_cast<std::uint64_t>(run), kind.attacks_tuner ? 4 : 0));
      seconds_ += done.wall_seconds;
      Judge(kind, done, row);
    }
    const double good = candidates_ - row.faults;
    if (row.faults > 0)
      row.seconds_lost_per_fault =
          (seconds_ - good * seconds_of_good_.at(kind.is_repeated ? 1 : 0)) / row.faults;
    return row;
  }

  void Judge(const FaultKind& kind, const FaultyRun& run, FaultsBenchmarkRow& row) {
    std::string wrong = run.error;
    for (const TrialRecord& trial : run.trials) {
      ++candidates_;
      const Measurement& measured = trial.measurement;
      const std::string became = Became(measured);
      const bool is_faulty = measured.config.choices.at(0) == 1;
      if (is_faulty) {
        ++row.faults;
        ++row.becomes[became];
      }
      const bool expected = is_faulty ? std::find(kind.becomes.begin(), kind.becomes.end(),
                                                  became) != kind.becomes.end()
                                      : became == "correct";
      if (!expected && wrong.empty()) {
        wrong = fmt::format("{} candidate: {}: {}", is_faulty ? "the faulty" : "a good", became,
                            measured.failure ? measured.failure->reason : "");
      }
    }
    const bool best = run.best == kBest;
    if (run.ended) ++row.ended;
    if (best) ++row.best;
    if (run.ended && wrong.empty()) ++row.complete;
    if (run.left.empty()) ++row.clean;
    if (wrong.empty() && !best) wrong = "the best is " + run.best;
    if (wrong.empty() && !run.left.empty()) wrong = "left " + base::Joined(run.left, ", ");
    if (row.error.empty()) row.error = wrong;
  }

  Env& env_;
  const FaultsBenchmarkOptions& options_;
  const std::string directory_;
  int runs_ = 0;
  double seconds_ = 0;                          // of this kind's runs
  double candidates_ = 0;                       // in them
  std::array<double, 2> seconds_of_good_ = {};  // run once, and repeatedly
};

std::string Counted(const std::map<std::string, int>& becomes) {
  std::string text;
  for (const auto& [name, count] : becomes) {
    if (!text.empty()) text += "; ";
    text += becomes.size() == 1 ? name : fmt::format("{} x {}", count, name);
  }
  return text;
}

base::Json DataOf(const std::vector<FaultsBenchmarkRow>& rows) {
  auto json = base::Json::Array();
  for (const FaultsBenchmarkRow& row : rows) {
    json.push_back({{"fault", row.kind},
                    {"runs", row.runs},
                    {"ended", row.ended},
                    {"best", row.best},
                    {"complete", row.complete},
                    {"clean", row.clean},
                    {"faults", row.faults},
                    {"seconds_lost_per_fault", row.seconds_lost_per_fault},
                    {"becomes", row.becomes},
                    {"error", row.error.empty() ? base::Json(nullptr) : base::Json(row.error)}});
  }
  return json;
}

}  // namespace

std::string ToJson(const FaultTarget& target) {
  const std::string kinds = Quoted(base::Joined(target.kinds, ","));
  const std::string program = Quoted(target.program);
  std::vector<std::size_t> indices(target.kinds.size());
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
  std::string build;
  if (target.in_build) build = fmt::format(kBuild, program, kinds, target.wall_s, kLimits);
  return fmt::format(kTargetFile, !target.is_repeated, base::Joined(indices, ", "), target.seconds,
                     Quoted(target.sign), Quoted(target.sign), build, program, kinds,
                     target.in_build ? R"("0")" : R"("{kind}")", target.wall_s, kLimits);
}

Result<std::vector<FaultsBenchmarkRow>> RunFaultsBenchmark(Env& env,
                                                           const FaultsBenchmarkOptions& options) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string directory,
                            env.CreateTemporaryDirectory("foothold_faults_"));
  auto rows = FaultsBenchmark(env, options, directory).Run();
  const Status removed = env.RemoveTree(directory);
  if (rows.ok() && !removed.ok()) return removed;
  return rows;
}

Page ToPage(const std::vector<FaultsBenchmarkRow>& rows) {
  using Align = base::Table::Align;
  base::Table table({{"fault"},
                     {"runs", Align::kRight},
                     {"ended", Align::kRight},
                     {"best", Align::kRight},
                     {"complete", Align::kRight},
                     {"clean", Align::kRight},
                     {"faults", Align::kRight},
                     {"s per fault", Align::kRight},
                     {"becomes"}});
  std::size_t right = 0;
  int runs = 0;
  for (const FaultsBenchmarkRow& row : rows) {
    runs += row.runs;
    if (row.all_right()) ++right;
    table.AddRow({row.kind, std::to_string(row.runs), std::to_string(row.ended),
                  std::to_string(row.best), std::to_string(row.complete), std::to_string(row.clean),
                  std::to_string(row.faults), fmt::format("{:.3f}", row.seconds_lost_per_fault),
                  Counted(row.becomes) + (row.error.empty() ? "" : "  WRONG: " + row.error)});
  }
  Page page("faults", "Candidates that misbehave", "foothold-study faults --output-dir");
  page.Add(table);
  page.Text(fmt::format("{} of {} kinds are right in all of {} runs", right, rows.size(), runs));
  page.SetData(DataOf(rows));
  return page;
}

}  // namespace foothold::studies
