#pragma once

#include "base/options.h"
#include "foothold/explore.h"

namespace foothold::tune {

/// Every field of ExploreOptions, declared once: flags, docs, and the ranges that Explore checks.
const base::OptionsTable<ExploreOptions>& ExploreOptionsTable();

/// InvalidArgument for the first field out of range: "jobs: is -1, must be ...".
Status Validate(const ExploreOptions& options);

}  // namespace foothold::tune
