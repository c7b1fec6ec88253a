#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "network/graph/tensor.h"

namespace foothold::network {

/// What the manifest of a deployed network says, as far as running it needs that.
struct Deployed {
  std::string name;  ///< of its program
  Shape input;
  Shape output;
  std::map<std::string, std::string> files;  ///< the SHA-256 of each, by name
};

/// Reads the manifest. Errors name the file, the line and the field.
Result<Deployed> ReadDeployed(Env& env, const std::string& folder);

/// Builds the program in a temporary copy of the folder, with make and cc, and runs inputs through
/// it on the simulated VTA. DataLoss when a file is not what the manifest says; Unavailable when
/// the program cannot be built or fails, with what it says.
///
/// REQUIRES: inputs of `deployed.input`.
Result<std::vector<Tensor>> RunDeployed(Env& env, const std::string& folder,
                                        const Deployed& deployed, const std::vector<Tensor>& inputs,
                                        const std::function<bool()>& cancelled);

}  // namespace foothold::network
