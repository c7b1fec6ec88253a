#pragma once

#include <vector>

#include "foothold/record.h"

namespace foothold::cli {

/// The runs of a log, those of the same workload on the same target with the same parameters
/// together, in the order of the log's first. They point into `contents`.
std::vector<std::vector<const RunLog*>> RunsByQuestion(const LogContents& contents);

}  // namespace foothold::cli
