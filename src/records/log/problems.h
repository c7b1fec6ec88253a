#pragma once

#include <vector>

#include "foothold/record.h"

namespace foothold {

/// The runs of these logs, those of the same workload on the same target with the same parameters
/// together: they answer the same question, whatever their searcher and seed. In the order of each
/// question's first run. They point into the logs.
std::vector<std::vector<const RunLog*>> RunsByQuestion(const std::vector<const LogContents*>& logs);

}  // namespace foothold
