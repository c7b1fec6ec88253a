#pragma once

#include "foothold/record.h"
#include "foothold/status.h"
#include "foothold/tuner.h"
#include "measure/runner.h"

namespace foothold::tune {

/// What Tune does before it has a runner: checks the options, makes the request's searcher unless
/// it brings one, and says what is run.
Result<RunHeader> Prepare(TuneRequest& request);

/// What Tune does, with a runner of the caller's choice; `header` says what is run. REQUIRES: the
/// options are in range; the request brings its searcher.
Result<TuneResult> TuneWith(const TuneRequest& request, const RunHeader& header,
                            measure::Runner& runner);

}  // namespace foothold::tune
