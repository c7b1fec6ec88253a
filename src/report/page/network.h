#pragma once

#include <string_view>

#include "base/json.h"
#include "foothold/status.h"

namespace foothold::report {

/// What the page shows of a deployed network, from its manifest
/// (docs/formats/deployed-network.md#manifestjson): layers with times, bounds and losses, memory
/// over the layers, and where the time of the whole goes. Errors name `path`, line and field.
Result<base::Json> NetworkModel(std::string_view manifest, std::string_view path);

}  // namespace foothold::report
