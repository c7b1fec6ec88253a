#pragma once

#include <string>

#include "targets/cpu/nest.h"
#include "targets/cpu/schedule.h"

namespace foothold::cpu {

/// Which operand may be prepared before the clock starts.
enum class Weights {
  kConstant,  ///< packed once, as for inference
  kFresh,     ///< packing them is part of each call, as in a BLAS
};

/// A C program (GNU dialect; GCC or clang) that computes `nest` by `schedule`:
///
///     program INPUT WEIGHTS OUTPUT REPEATS
///
/// reads raw float32 files, times REPEATS repeats, writes the output, and prints a run report
/// (candidate/run_report.h). A repeat is the fastest of the calls made in 20 ms, one at
/// least; no repeat begins when those before it have taken 1 s.
std::string ProgramSource(const Nest& nest, const Schedule& schedule, Weights weights);

/// The same without what reads, times and writes.
std::string OperatorSource(const Nest& nest, const Schedule& schedule, Weights weights);

}  // namespace foothold::cpu
