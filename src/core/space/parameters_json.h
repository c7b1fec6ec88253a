#pragma once

#include <vector>

#include "base/json.h"
#include "foothold/space.h"

namespace foothold::space {

/// A number, a truth value or a text.
Result<ParameterValue> ParseValue(const base::JsonNode& node);
base::Json ToJson(const ParameterValue& value);

/// [{"name":"tile_h","values":[1,2,7]},...], for formats that embed the parameters of a space. Has
/// "labels" and "ordered":false only for parameters with labels and without an order.
base::Json ToJson(const std::vector<Parameter>& parameters);

/// What ToJson wrote. Fails when names repeat, a parameter has no values or one twice, or labels
/// that repeat or are not one for each value; errors name file, line and field; unknown fields are
/// errors.
Result<std::vector<Parameter>> ParseParameters(const base::JsonNode& node);

}  // namespace foothold::space
