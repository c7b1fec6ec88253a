#pragma once

#include "base/options.h"
#include "foothold/tuner.h"
#include "measure/measuring_options.h"

namespace foothold::tune {

/// Every field of TunerOptions, declared once: flags, JSON, arguments and stubs in Python, docs,
/// the ranges that Tune checks, and which fields identify a run. The parts `device` and `repeats`
/// have tables of their own (measure/measuring_options.h, which this header passes on).
const base::OptionsTable<TunerOptions>& TunerOptionsTable();

/// InvalidArgument for the first field out of range: "trials: is 0, must be ...".
Status Validate(const TunerOptions& options);

}  // namespace foothold::tune
