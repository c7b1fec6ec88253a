#include "studies/peers/cpu_benchmark.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "base/statistics.h"
#include "foothold/targets.h"
#include "foothold/tuner.h"
#include "targets/child/judge.h"
#include "targets/child/output_line.h"
#include "tune/machine.h"

namespace foothold::studies {
namespace {

constexpr int kPilotRuns = 4;
constexpr int kRepeats = 3;  // those of the cpu target's programs
constexpr double kPeerLimit_s = 120;
constexpr int kPeerIsMissing = 69;

double Least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

/// The kernels of OpenBLAS that a host with these /proc/cpuinfo flags can run. It does not know
/// every processor, and then falls back to kernels of 2004.
std::vector<std::string> OpenBlasCores(Env& env) {
  std::vector<std::string> cores = {""};
  const Result<std::string> cpuinfo = env.ReadFile("/proc/cpuinfo");
  const auto has = [&](const char* flag) {
    return cpuinfo.ok() && cpuinfo->find(fmt::format(" {}", flag)) != std::string::npos;
  };
  if (has("avx2")) cores.insert(cores.end(), {"Haswell", "Zen"});
  if (has("avx512f")) cores.emplace_back("SkylakeX");
  if (has("avx512_bf16")) cores.emplace_back("Cooperlake");
  return cores;
}

class Benchmark {
 public:
  Benchmark(Env& env, const CpuBenchmarkOptions& options,
            const std::function<void(const std::string&)>& on_step,
            const std::atomic<bool>& interrupt)
      : env_(env), on_step_(on_step), interrupt_(interrupt) {
    benchmark_.options = options;
  }

  Result<CpuBenchmark> Run(const std::vector<Workload>& workloads) {
    benchmark_.machine = tune::DescribeMachine(env_);
    FOOTHOLD_RETURN_IF_ERROR(ChooseOpenBlasCore());
    for (const Workload& workload : workloads) {
      FOOTHOLD_ASSIGN_OR_RETURN(CpuBenchmarkRow row, RunWorkload(workload));
      benchmark_.rows.push_back(std::move(row));
    }
    return std::move(benchmark_);
  }

 private:
  Status ChooseOpenBlasCore() {
    on_step_("choosing the kernels of OpenBLAS");
    const Workload pilot = FindWorkloads("gemm.512")->front();
    double best = std::numeric_limits<double>::infinity();
    for (const std::string& core : OpenBlasCores(env_)) {
      benchmark_.openblas_core = core;
      double seconds = std::numeric_limits<double>::infinity();
      for (int run = 0; run < kPilotRuns; ++run) {
        FOOTHOLD_ASSIGN_OR_RETURN(const CpuTimes times, RunPeer("openblas", pilot, false));
        if (times.skipped.empty()) seconds = std::min(seconds, Least(times.seconds));
      }
      if (seconds < best) {
        best = seconds;
        fastest_core_ = core;
      }
    }
    benchmark_.openblas_core = fastest_core_;
    return {};
  }

  Result<CpuBenchmarkRow> RunWorkload(const Workload& workload) {
    const bool is_dense = std::holds_alternative<Dense>(workload.op);
    const std::string target_name = is_dense ? "cpu:gemm" : "cpu";
    FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(env_, target_name));
    FOOTHOLD_ASSIGN_OR_RETURN(const auto task, target->Prepare(workload));
    for (const auto& [name, value] : task->traits().context) benchmark_.machine[name] = value;

    on_step_(fmt::format("tuning {} on {}", workload.name, target_name));
    CpuBenchmarkRow row;
    row.workload = workload;
    FOOTHOLD_ASSIGN_OR_RETURN(const auto champion, FindChampion(*task, target_name, row));
    on_step_(fmt::format("measuring {}", workload.name));
    for (int round = 0; round < benchmark_.options.rounds; ++round) {
      if (interrupt_) return Status::Unavailable("interrupted");
      FOOTHOLD_RETURN_IF_ERROR(RunRound(*task, *champion, round == 0, row));
    }
    return row;
  }

  Result<std::unique_ptr<Program>> FindChampion(const TargetTask& task,
                                                const std::string& target_name,
                                                CpuBenchmarkRow& row) {
    const double start = env_.MonotonicSeconds();
    FOOTHOLD_ASSIGN_OR_RETURN(const TuneResult tuned,
                              Tune({.task = task,
                                    .target = target_name,
                                    .searcher = {benchmark_.options.searcher},
                                    .options = Tuning(),
                                    .log = benchmark_.options.log,
                                    .env = env_,
                                    .interrupt = interrupt_}));
    if (interrupt_) return Status::Unavailable("interrupted");
    row.tuning_seconds = env_.MonotonicSeconds() - start;
    row.trials = tuned.progress.finished;
    const auto correct = tuned.progress.outcomes.find(Outcome::kCorrect);
    row.correct = correct == tuned.progress.outcomes.end() ? 0 : correct->second;
    const std::optional<Measurement> best = tuned.best();
    if (!best) {
      return Status::Unavailable(
          fmt::format("{}: none of {} trials was correct", row.workload.name, row.trials));
    }
    BuildResult built = task.Build(best->config);
    FOOTHOLD_RETURN_IF_ERROR(built.status);
    if (!built.ok()) {
      return Status::Unavailable(fmt::format("{}: the best config did not build again: {}",
                                             row.workload.name, built.failure->reason));
    }
    row.times[kFoothold].detail = task.space().ToString(best->config);
    return std::move(built.program);
  }

  TunerOptions Tuning() const {
    TunerOptions tuning;
    tuning.trials = benchmark_.options.trials;
    tuning.seed = benchmark_.options.seed;
    tuning.jobs = 1;  // a build beside a run would slow it down
    // Each run warms up by itself, and is the fastest of many calls.
    tuning.repeats.warm_ups = 0;
    tuning.repeats.most_repeats = 1;
    tuning.repeats.final_rounds = 10;
    tuning.repeats.final_seconds = 10;
    return tuning;
  }

  Status RunRound(const TargetTask& task, const Program& champion, bool verify,
                  CpuBenchmarkRow& row) const {
    const RunResult result = task.Run(champion, {});
    FOOTHOLD_RETURN_IF_ERROR(result.status);
    if (result.outcome() != Outcome::kCorrect) {
      return Status::Unavailable(fmt::format("{}: the best config failed in the comparison: {}",
                                             row.workload.name, result.failure->reason));
    }
    row.times[kFoothold].seconds.push_back(Least(result.seconds));
    const bool is_dense = std::holds_alternative<Dense>(row.workload.op);
    for (const auto& [peer, unused] : CpuPeers()) {
      if (is_dense && peer == "onednn-plain") continue;  // a product has no other layouts
      CpuTimes& times = row.times[peer];
      if (!times.skipped.empty()) continue;
      FOOTHOLD_ASSIGN_OR_RETURN(CpuTimes once, RunPeer(peer, row.workload, verify));
      times.skipped = once.skipped;
      times.detail = once.detail;
      times.seconds.insert(times.seconds.end(), once.seconds.begin(), once.seconds.end());
    }
    return {};
  }

  Result<CpuTimes> RunPeer(const std::string& peer, const Workload& workload, bool verify) const {
    CpuTimes times;
    if (benchmark_.options.peers.empty()) {
      times.skipped = "there is no program cpu_peers";
      return times;
    }
    ProcessCommand command;
    command.argv = {benchmark_.options.peers, peer, ToInline(workload),
                    fmt::format("{}", kRepeats)};
    if (verify) command.argv.emplace_back("verify");
    command.environment = {{"OMP_NUM_THREADS", "1"}, {"OPENBLAS_NUM_THREADS", "1"}};
    if (!benchmark_.openblas_core.empty()) {
      command.environment["OPENBLAS_CORETYPE"] = benchmark_.openblas_core;
    }
    command.limits.wall_s = kPeerLimit_s;
    FOOTHOLD_ASSIGN_OR_RETURN(const ProcessResult process, env_.RunProcess(command, nullptr));
    times.detail = child::LastLine(process.err.text);
    if (process.end == ProcessEnd::kExited && process.exit_code == kPeerIsMissing) {
      times.skipped = std::exchange(times.detail, "");
      return times;
    }
    const RunResult run = child::JudgeRun(process, command.limits, {});
    if (run.outcome() == Outcome::kCorrectness) {
      return Status::Unavailable(
          fmt::format("{} computes something else than the reference for {}", peer, workload.name));
    }
    if (run.outcome() != Outcome::kCorrect) {
      times.skipped = run.failure->reason;
      return times;
    }
    times.seconds = {Least(run.seconds)};
    return times;
  }

  Env& env_;
  const std::function<void(const std::string&)>& on_step_;
  const std::atomic<bool>& interrupt_;
  CpuBenchmark benchmark_;
  std::string fastest_core_;
};

}  // namespace

const std::vector<std::pair<std::string, std::string>>& CpuPeers() {
  static const std::vector<std::pair<std::string, std::string>> peers = {
      {"onednn", "oneDNN; convolutions with input and output in the layout that it likes best"},
      {"onednn-plain", "oneDNN, convolutions with input and output in NCHW, as foothold's"},
      {"openblas", "OpenBLAS's sgemm; convolutions by im2col, which is in the time"}};
  return peers;
}

std::optional<double> CpuTimes::Fastest() const {
  if (seconds.empty()) return std::nullopt;
  return Least(seconds);
}

std::optional<double> CpuTimes::Median() const { return base::Median(seconds); }

std::string CpuBenchmarkRow::BestPeer(bool own_layouts) const {
  std::string best;
  const bool is_dense = std::holds_alternative<Dense>(workload.op);
  for (const auto& [peer, unused] : CpuPeers()) {
    if (!own_layouts && !is_dense && peer == "onednn") continue;
    const auto ratio = Ratio(peer);
    if (ratio && (best.empty() || *ratio < *Ratio(best))) best = peer;
  }
  return best;
}

std::optional<double> CpuBenchmarkRow::Ratio(const std::string& peer) const {
  const auto theirs = times.find(peer);
  const auto ours = times.find(kFoothold);
  if (theirs == times.end() || ours == times.end()) return std::nullopt;
  if (!theirs->second.Fastest() || !ours->second.Fastest()) return std::nullopt;
  return *theirs->second.Fastest() / *ours->second.Fastest();
}

std::optional<double> CpuBenchmarkRow::MedianRatio(const std::string& peer) const {
  if (!Ratio(peer)) return std::nullopt;
  return *times.at(peer).Median() / *times.at(kFoothold).Median();
}

std::optional<double> GeometricMean(const std::vector<double>& values) {
  std::vector<double> logarithms;
  for (const double value : values) logarithms.push_back(std::log(value));
  const std::optional<double> mean = base::Mean(logarithms);
  return mean ? std::optional(std::exp(*mean)) : std::nullopt;
}

Result<CpuBenchmark> RunCpuBenchmark(Env& env, const std::vector<Workload>& workloads,
                                     const CpuBenchmarkOptions& options,
                                     const std::function<void(const std::string&)>& on_step,
                                     const std::atomic<bool>& interrupt) {
  return Benchmark(env, options, on_step, interrupt).Run(workloads);
}

}  // namespace foothold::studies
