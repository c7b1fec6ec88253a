#pragma once

#include "base/options.h"
#include "foothold/tuner.h"
#include "measure/measuring_options.h"

namespace foothold {

/// Every field of TunerOptions but for the rules, which have tables of their own
/// (measure/measuring_options.h, which this header passes on), declared once: flags, JSON, docs,
/// and the ranges that Tune checks.
const OptionsTable<TunerOptions>& TunerOptionsTable();

/// InvalidArgument for the first field out of range: "trials: is 0, must be ...".
Status Validate(const TunerOptions& options);

}  // namespace foothold
