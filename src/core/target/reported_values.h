#pragma once

#include "foothold/target.h"

namespace foothold::target {

/// `run`, or why it is a failure of its candidate: a correct run must report at least one time, all
/// of its times must be finite and above 0, and all metrics finite. What is not cannot be compared,
/// and has no place in a log.
RunResult WithPossibleValues(RunResult run);

/// The same of a program's metrics: nullopt when they are all finite.
std::optional<Failure> ImpossibleMetric(const Metrics& metrics, Outcome outcome,
                                        const std::string& stage);

}  // namespace foothold::target
