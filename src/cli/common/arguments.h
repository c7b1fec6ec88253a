#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "foothold/workload.h"

namespace foothold::cli {

/// What a WORKLOAD argument stands for: an inline shape ("conv2d:...", "dense:...", "kernel:..."),
/// a workload file (it exists, or ends in ".json"), a network ("resnet18") or one of its layers
/// ("resnet18.C8").
Result<std::vector<Workload>> ResolveWorkloads(std::string_view argument, Env& env);

/// The workloads of all arguments, in order; a workload named twice is an error.
Result<std::vector<Workload>> ResolveAllWorkloads(const std::vector<std::string>& arguments,
                                                  Env& env);

/// The error that a workload is named twice.
Status GivenTwice(const Workload& workload);

/// The one workload an argument stands for; an error when it stands for several.
Result<Workload> ResolveOneWorkload(std::string_view argument, Env& env);

/// A CONFIG argument: "575" or "index=575" (AutoTVM's index), or values by name in any order,
/// "tile_h=14,tile_w=14,..." (blanks separate as well as commas). A parameter with one value may
/// be left out.
Result<Config> ParseConfig(std::string_view text, const Space& space);

/// "tile_h=14 tile_w=14 ...": the parameters that have a choice, with their values.
std::string DescribeConfig(const std::vector<Parameter>& parameters, const Config& config);

}  // namespace foothold::cli
