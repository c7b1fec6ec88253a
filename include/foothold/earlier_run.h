#pragma once

#include <string>
#include <vector>

#include "foothold/space.h"
#include "foothold/target.h"
#include "foothold/workload.h"

namespace foothold {

/// What a tuning run of another task found: of another workload, on another board, or of this very
/// task. A searcher may learn from it before its own first trial (docs/concepts/transfer.md).
struct EarlierRun {
  std::string target;      ///< Target::name()
  Metrics device_numbers;  ///< TaskTraits::device_numbers
  Workload workload;
  std::vector<Parameter> parameters;     ///< of its space, in order: what its configs are over
  std::vector<Measurement> trials;       ///< no infrastructure failures among them
  std::vector<BuildReport> builds = {};  ///< without a run
};

}  // namespace foothold
