#pragma once

#include <span>

#include "foothold/record.h"
#include "models/rules/examples.h"

namespace foothold::report {

/// What the runs of a log that have the same parameters teach. REQUIRES: at least one run, all with
/// the parameters of the first.
models::Examples ExamplesOf(std::span<const RunLog* const> runs);

}  // namespace foothold::report
