#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "network/compile/compile.h"
#include "network/quantise/quantise.h"

// The folder that a network becomes: C99, the program of the VTA, and what is needed to check it
// (docs/formats/deployed-network.md).
namespace foothold::network {

struct ArtefactOptions {
  std::string model_path;
  std::string target;                   ///< "vta:pynq"
  std::vector<Tensor> check_inputs;     ///< at least one
  std::optional<Quality> quality = {};  ///< over samples; for the manifest
};

/// Writes the folder. It must not be there yet, be empty, or be one that this function wrote: then
/// its files are replaced, the manifest last. The same inputs give the same bytes. Runs the check
/// inputs through the reference executor and the simulator, which must agree.
///
/// InvalidArgument when the network does not have one input and one output of float32, or the
/// folder holds something else.
Status WriteArtefact(Env& env, const std::string& folder, const CompiledNetwork& compiled,
                     const ArtefactOptions& options);

}  // namespace foothold::network
