#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/workload.h"
#include "studies/page/page.h"

namespace foothold::studies {

/// The cpu target's best programs against oneDNN and OpenBLAS, on one thread, in one run on one
/// machine. Convolutions are tuned on `cpu` (weights are constants, which everybody may bring into
/// any layout before the clock starts), dense layers on `cpu:gemm` (nothing is prepared).
struct CpuBenchmarkOptions {
  std::uint64_t trials = 128;  ///< of the tuning of each workload
  std::string searcher = "foothold";
  std::uint64_t seed = 1;
  int rounds = 7;     ///< in each, every entrant runs once; > 0
  std::string log;    ///< record log of the tuning; a run that it holds is not tuned again
  std::string peers;  ///< the program cpu_peers; without it every peer is skipped
};

/// What an entrant took for a workload.
struct CpuTimes {
  std::vector<double> seconds;  ///< of each round, the fastest of its repeats
  std::string detail;           ///< the schedule, or the kernel that a library chose
  std::string skipped;          ///< why there are none; empty when there are

  /// nullopt when skipped.
  std::optional<double> Fastest() const;
  std::optional<double> Median() const;
};

/// What this project's own times go by.
inline constexpr const char* kFoothold = "foothold";

struct CpuBenchmarkRow {
  Workload workload;
  std::uint64_t trials = 0;
  std::uint64_t correct = 0;  ///< of them
  double tuning_seconds = 0;  ///< wall time, of a run that was tuned now
  /// By entrant: kFoothold and those of CpuPeers().
  std::map<std::string, CpuTimes> times;

  /// The fastest peer that keeps the layouts of the workload, or any peer; by Fastest(). Empty when
  /// all are skipped.
  std::string BestPeer(bool own_layouts) const;
  /// The peer's time through foothold's: above 1, foothold is faster. nullopt without one of them.
  std::optional<double> Ratio(const std::string& peer) const;
  std::optional<double> MedianRatio(const std::string& peer) const;
};

struct CpuBenchmark {
  std::map<std::string, std::string> machine;
  CpuBenchmarkOptions options;
  std::string openblas_core;  ///< for which its kernels were; empty: its own choice
  std::vector<CpuBenchmarkRow> rows;
};

/// In the order of tables: name and what it is.
const std::vector<std::pair<std::string, std::string>>& CpuPeers();

/// Geometric mean; nullopt when there is nothing.
std::optional<double> GeometricMean(const std::vector<double>& values);

/// Tunes each workload, then measures the best config and the peers in turn. `on_step` is told what
/// is done next. An output of a peer that differs from the reference is an error. Unavailable when
/// interrupted; the log keeps the trials.
Result<CpuBenchmark> RunCpuBenchmark(Env& env, const std::vector<Workload>& workloads,
                                     const CpuBenchmarkOptions& options,
                                     const std::function<void(const std::string&)>& on_step,
                                     const std::atomic<bool>& interrupt);

/// The page docs/results/generated/cpu/cpu.md.
Page ToPage(const CpuBenchmark& benchmark);

}  // namespace foothold::studies
