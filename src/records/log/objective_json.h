#pragma once

#include "base/json.h"
#include "foothold/record.h"

namespace foothold::records {

/// {"name":"accuracy","unit":"%","goal":"maximise"}.
base::Json ToJson(const Objective& objective);
/// What ToJson wrote. Errors name file, line and field.
Result<Objective> ParseObjective(const base::JsonNode& node);

}  // namespace foothold::records
