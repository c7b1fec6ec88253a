#pragma once

#include "base/json.h"
#include "foothold/workload.h"

namespace foothold {

/// The workload that the object `node` describes, in the file form (docs/formats/workload.md), for
/// formats that embed it. Errors name file, line and field; unknown fields are errors.
Result<Workload> ParseWorkload(const JsonNode& node);

/// The object that ParseWorkload reads; ToJson is its text.
Json WorkloadJson(const Workload& workload);

}  // namespace foothold
