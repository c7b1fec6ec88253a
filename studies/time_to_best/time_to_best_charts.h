#pragma once

#include <vector>

#include "studies/page/page.h"
#include "studies/time_to_best/time_to_best.h"

namespace foothold::studies {

/// The best so far and the share of runs at the optimum, over all workloads and seeds of a target:
/// for each mode, and for the parts of the searcher `validity`.
std::vector<Chart> ChartsOf(const TimeToBest& result, const Competition& competition);

}  // namespace foothold::studies
