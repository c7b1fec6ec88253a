#include "studies/faults/faults_benchmark.h"

#include <fmt/core.h>

#include <atomic>
#include <memory>

#include "base/json.h"
#include "foothold/record.h"
#include "foothold/targets.h"
#include "foothold/tuner.h"

namespace foothold {
namespace {

/// As in the test of B6; `processes` is less than what fork_many forks.
constexpr const char* kTargetFile = R"({{
  "format": "foothold-command-target", "version": 1, "exact_times": true,
  "parameters": [{{"name": "kind", "values": [{0}]}}, {{"name": "seconds", "values": [{1}]}}],
  "environment": {{"MISBEHAVE_SIGN": {2}}},
  "run": {{
    "command": [{3}, "{{kind}}", "{{seconds}}{{kind}}"],
    "limits": {{"wall_s": {4}, "cpu_s": 0.2, "memory_mb": 64, "output_mb": 2, "file_mb": 2,
               "processes": 16}}
  }}
}})";

/// Two digits each, as fork_many forks as many processes as it is told seconds.
constexpr const char* kSeconds = "12, 10, 11";
constexpr double kWallLimitSeconds = 4;

/// One tuning run, on whatever `kinds` there are.
struct FaultyRun {
  bool right = false;
  double wall_seconds = 0;
  std::vector<TrialRecord> faulty;
  std::size_t good = 0;
  std::string error;
};

class FaultsBenchmark {
 public:
  FaultsBenchmark(Env& env, const FaultsBenchmarkOptions& options, std::string directory)
      : env_(env), options_(options), directory_(std::move(directory)) {}

  Result<std::vector<FaultsBenchmarkRow>> Run() {
    FOOTHOLD_RETURN_IF_ERROR(MeasureGoodCandidates());
    std::vector<FaultsBenchmarkRow> rows;
    for (std::size_t kind = 1; kind < FaultKinds().size(); ++kind) {
      FOOTHOLD_ASSIGN_OR_RETURN(FaultsBenchmarkRow row, RunKind(kind));
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  Status MeasureGoodCandidates() {
    double seconds = 0;
    std::size_t good = 0;
    for (int run = 0; run < options_.runs; ++run) {
      FOOTHOLD_ASSIGN_OR_RETURN(const FaultyRun undisturbed, TuneOnce("0", run));
      if (!undisturbed.right) {
        return Status::Unavailable(
            fmt::format("{}: a run without any fault failed{}{}", options_.program,
                        undisturbed.error.empty() ? "" : ": ", undisturbed.error));
      }
      seconds += undisturbed.wall_seconds;
      good += undisturbed.good;
    }
    seconds_of_good_ = seconds / static_cast<double>(good);
    return {};
  }

  Result<FaultsBenchmarkRow> RunKind(std::size_t kind) {
    FaultsBenchmarkRow row;
    row.kind = FaultKinds()[kind].name;
    row.runs = options_.runs;
    double lost = 0;
    for (int run = 0; run < options_.runs; ++run) {
      FOOTHOLD_ASSIGN_OR_RETURN(const FaultyRun done, TuneOnce(fmt::format("{}, 0", kind), run));
      if (done.right) ++row.right;
      if (row.error.empty()) row.error = done.error;
      row.faults += static_cast<int>(done.faulty.size());
      lost += done.wall_seconds - static_cast<double>(done.good) * seconds_of_good_;
      for (const TrialRecord& trial : done.faulty) {
        const Measurement& measured = trial.measurement;
        std::string name(ToString(measured.outcome));
        if (!measured.stage.empty()) name += ", " + measured.stage;
        ++row.becomes[name];
      }
    }
    if (row.faults > 0) row.seconds_lost_per_fault = lost / row.faults;
    return row;
  }

  Result<FaultyRun> TuneOnce(const std::string& kinds, int run) {
    const std::string name = fmt::format("{}/{}", directory_, runs_++);
    FOOTHOLD_RETURN_IF_ERROR(env_.WriteFileAtomically(
        name + ".json", FaultTargetJson(options_.program, directory_ + "/signed", kinds, kSeconds,
                                        kWallLimitSeconds)));
    FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(env_, "command:" + name + ".json"));
    FOOTHOLD_ASSIGN_OR_RETURN(const Workload workload, ParseInlineWorkload("dense:1x8,4"));
    FOOTHOLD_ASSIGN_OR_RETURN(const auto task, target->Prepare(workload));
    TunerOptions tuning;
    tuning.trials = task->space().raw_size();
    tuning.jobs = 1;
    tuning.seed = options_.seed + static_cast<std::uint64_t>(run);
    const std::atomic<bool> never = false;
    const double start = env_.MonotonicSeconds();
    const Result<TuneResult> result = Tune(
        *task, target->name(), "random", tuning, name + ".jsonl", env_, [](const TunerProgress&) {},
        never);
    FaultyRun done;
    done.wall_seconds = env_.MonotonicSeconds() - start;
    if (!result.ok()) {
      done.error = result.status().message();
    } else {
      FOOTHOLD_RETURN_IF_ERROR(Judge(*task, *result, name + ".jsonl", done));
    }
    return done;
  }

  Status Judge(const TargetTask& task, const TuneResult& result, const std::string& log_path,
               FaultyRun& run) const {
    FOOTHOLD_ASSIGN_OR_RETURN(const LogContents log, ReadLog(env_, log_path));
    const Space& space = task.space();
    for (const TrialRecord& trial : log.runs.at(0).trials) {
      if (space.Value(trial.measurement.config, "kind") == 0) {
        ++run.good;
      } else {
        run.faulty.push_back(trial);
      }
    }
    const auto& best = result.progress.incumbent;
    run.right = best && space.ToString(best->config) == "kind=0 seconds=10" && !log.repaired &&
                log.runs[0].trials.size() == space.raw_size() && log.runs[0].unfinished.empty();
    return {};
  }

  Env& env_;
  const FaultsBenchmarkOptions& options_;
  const std::string directory_;
  int runs_ = 0;
  double seconds_of_good_ = 0;
};

std::string Counted(const std::map<std::string, int>& becomes) {
  std::string text;
  for (const auto& [name, count] : becomes) {
    if (!text.empty()) text += "; ";
    text += becomes.size() == 1 ? name : fmt::format("{} x {}", count, name);
  }
  return text;
}

}  // namespace

const std::vector<FaultKind>& FaultKinds() {
  static const std::vector<FaultKind> kinds = {
      {"behave", Outcome::kCorrect, {""}},
      {"crash", Outcome::kRuntime, {"run.signal"}},
      {"exit", Outcome::kRuntime, {"run.exit"}},
      {"hang", Outcome::kTimeout, {"run.timeout"}},
      // Where the machine gives it no time to spin, the wall limit comes first.
      {"spin", Outcome::kTimeout, {"run.cpu", "run.timeout"}},
      // Where the machine gives no time to look, an allocation fails, and the program aborts.
      {"allocate", Outcome::kRuntime, {"run.memory", "run.signal"}},
      {"print", Outcome::kRuntime, {"run.output"}},
      {"print_errors", Outcome::kRuntime, {"run.output"}},
      {"leave_child", Outcome::kCorrect, {""}},
      {"leave_daemon", Outcome::kCorrect, {""}},
      {"ignore_sigterm", Outcome::kTimeout, {"run.timeout"}},
      {"close_output", Outcome::kTimeout, {"run.timeout"}},
      // Many processes are also much memory, which may be seen first.
      {"fork_many", Outcome::kRuntime, {"run.processes", "run.memory"}},
      {"fill_file", Outcome::kRuntime, {"run.file_size"}},
      {"kill_parent", Outcome::kRuntime, {"run.lost"}},
      {"wrong_result", Outcome::kCorrectness, {"run.result"}},
      {"print_nothing", Outcome::kRuntime, {"run.result"}},
  };
  return kinds;
}

std::string FaultTargetJson(const std::string& program, const std::string& sign,
                            const std::string& kinds, const std::string& seconds, double wall_s) {
  return fmt::format(kTargetFile, kinds, seconds, Json(sign).Dump(), Json(program).Dump(), wall_s);
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

std::string ToText(const std::vector<FaultsBenchmarkRow>& rows) {
  std::string text = fmt::format("{:14} {:>9} {:>7} {:>11}  {}\n", "fault", "right", "faults",
                                 "s per fault", "becomes");
  for (const FaultsBenchmarkRow& row : rows) {
    text += fmt::format("{:14} {:>9} {:>7} {:>11.3f}  {}\n", row.kind,
                        fmt::format("{} of {}", row.right, row.runs), row.faults,
                        row.seconds_lost_per_fault,
                        row.error.empty() ? Counted(row.becomes) : "error: " + row.error);
  }
  return text;
}

std::string ToJson(const std::vector<FaultsBenchmarkRow>& rows) {
  auto json = Json::Array();
  for (const FaultsBenchmarkRow& row : rows) {
    json.push_back({{"fault", row.kind},
                    {"runs", row.runs},
                    {"right", row.right},
                    {"faults", row.faults},
                    {"seconds_lost_per_fault", row.seconds_lost_per_fault},
                    {"becomes", row.becomes},
                    {"error", row.error.empty() ? Json(nullptr) : Json(row.error)}});
  }
  return json.Dump(2);
}

}  // namespace foothold
