#pragma once

#include <memory>
#include <string>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "records/ground_truth/ground_truth.h"

namespace foothold::replay {

/// A task that answers from the exploration instead of building and running: same outcomes, stages,
/// times and metrics; reasons are not recorded. Its space is the raw product. A recorded time
/// longer than RunOptions::timeout_s is a kTimeout. REQUIRES: exploration->complete().
std::unique_ptr<TargetTask> MakeReplayTask(std::shared_ptr<const records::GroundTruth> exploration);

/// The target "replay:<path>", which replays the exploration in the file `path` and takes no
/// workload but that one. Errors are those of ReadGroundTruth.
Result<std::unique_ptr<Target>> MakeReplayTarget(Env& env, const std::string& path);

}  // namespace foothold::replay
