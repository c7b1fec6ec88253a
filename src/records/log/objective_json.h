#pragma once

#include "base/json.h"
#include "foothold/record.h"

namespace foothold {

/// {"name":"accuracy","unit":"%","goal":"maximise"}.
Json ToJson(const Objective& objective);
/// What ToJson wrote. Errors name file, line and field.
Result<Objective> ParseObjective(const JsonNode& node);

}  // namespace foothold
