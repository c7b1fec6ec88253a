#pragma once

#include <memory>

#include "foothold/record.h"
#include "foothold/status.h"
#include "foothold/tuner.h"
#include "measure/runner.h"

namespace foothold::tune {

/// What Tune does before it has a runner: checks the options, makes the request's searcher unless
/// it brings one, and says what is run.
Result<RunHeader> Prepare(TuneRequest& request);

/// What is ready to be run: a request that brings its searcher, and what measures its candidates.
struct ReadyRun {
  TuneRequest request;
  RunHeader header;  ///< says what is run
  std::unique_ptr<measure::Runner> runner;
};
/// With a runner on this machine.
Result<ReadyRun> MakeReady(TuneRequest request);

/// What Tune does, with a runner of the caller's choice; `header` says what is run. REQUIRES: the
/// options are in range; the request brings its searcher.
Result<TuneResult> TuneWith(const TuneRequest& request, const RunHeader& header,
                            measure::Runner& runner);

}  // namespace foothold::tune
