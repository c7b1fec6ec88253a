#pragma once

#include <map>
#include <memory>

#include "foothold/space.h"
#include "foothold/target.h"
#include "measure/runner.h"

namespace foothold {

/// Answers from recorded measurements: searchers can be compared on a recorded space without its
/// hardware. A config that was not recorded ends the batch with NotFound.
std::unique_ptr<Runner> MakeReplayRunner(const Space& space,
                                         std::map<Config, Measurement> recorded);

}  // namespace foothold
