#pragma once

#include "foothold/target.h"
#include "foothold/tuner.h"

namespace foothold::tune {

/// Brings `result.first_failures` up to date with a trial that was just counted in
/// `result.progress`.
void NoteFirstFailure(const Measurement& measurement, TuneResult& result);

}  // namespace foothold::tune
