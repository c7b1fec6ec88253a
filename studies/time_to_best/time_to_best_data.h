#pragma once

#include "base/json.h"
#include "studies/time_to_best/time_to_best.h"

namespace foothold::studies {

/// The figures of every run, and the standings.
base::Json DataOf(const TimeToBest& result);

}  // namespace foothold::studies
