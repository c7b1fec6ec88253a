#pragma once

#include <vector>

#include "base/json.h"
#include "foothold/space.h"

namespace foothold {

/// [{"name":"tile_h","values":[1,2,7]},...], for formats that embed the parameters of a space.
Json ToJson(const std::vector<Parameter>& parameters);

/// What ToJson wrote. Fails when names repeat, a parameter has no values or one twice; errors name
/// file, line and field; unknown fields are errors.
Result<std::vector<Parameter>> ParseParameters(const JsonNode& node);

}  // namespace foothold
