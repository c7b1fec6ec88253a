#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "foothold/status.h"
#include "foothold/workload.h"
#include "studies/page/page.h"
#include "targets/vta/vta_target.h"

namespace foothold::studies {

/// docs/results/protocol.md#the-simulator: what it costs to compile, simulate and verify configs of
/// a layer, on one thread. CPU time, so that other processes on the machine do not count.
struct SimulatorBenchmarkOptions {
  /// Valid configs per layer; a uniform sample where there are more.
  std::uint64_t max_configs = 400;
  std::uint64_t seed = 1;  ///< of that sample
};

struct SimulatorBenchmarkRow {
  std::string workload;
  std::uint64_t space = 0;     ///< configs in the space
  std::uint64_t valid = 0;     ///< configs that run
  std::uint64_t measured = 0;  ///< of them, those that were measured
  double instructions = 0;     ///< per valid config, mean
  double gemm_ops = 0;         ///< GEMM micro-ops of the layer

  /// Valid configs compiled, simulated with data and compared with the reference.
  double verify_per_second = 0;
  double time_per_second = 0;  ///< valid configs compiled and timed without data
  /// Configs of the whole space, valid or not, compiled and timed without data.
  double explore_per_second = 0;
  double ns_per_gemm_op = 0;  ///< simulate with data and timing, no compiling, per GEMM micro-op
  double ns_per_gemm_op_functional = 0;  ///< the same without timing
  /// The plain reference operator on the same work: the floor.
  double ns_per_gemm_op_loop_nest = 0;
  double ns_per_instruction = 0;  ///< timing without data, no compiling
};

/// A CHECK fails when a config that runs computes something wrong: a benchmark's correctness is not
/// negotiable. InvalidArgument when the machine cannot take a workload or none of its configs run.
Result<std::vector<SimulatorBenchmarkRow>> RunSimulatorBenchmark(
    const vta::VtaMachine& machine, const std::vector<Workload>& workloads,
    const SimulatorBenchmarkOptions& options);

Page ToPage(const std::vector<SimulatorBenchmarkRow>& rows);

}  // namespace foothold::studies
