#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/json.h"
#include "network/compile/compile.h"
#include "network/quantise/quantise.h"

namespace foothold::network {

/// What a deployed network says of itself (docs/formats/deployed-network.md). `name`: of its
/// program; `files`: the SHA-256 of each, by name; `model`: the file's name and its SHA-256.
base::Json MakeManifest(const CompiledNetwork& compiled, const std::string& name,
                        const std::string& target, const std::pair<std::string, std::string>& model,
                        const std::optional<Quality>& quality,
                        const std::map<std::string, std::string>& files);

/// The share of a network's multiply-accumulates that the VTA does; 1 where there are none.
double DeviceShare(const CompiledNetwork& compiled);

/// The time of a node on the simulated machine.
double NodeSeconds(const CompiledNetwork& compiled, const DeviceNode& node);

}  // namespace foothold::network
