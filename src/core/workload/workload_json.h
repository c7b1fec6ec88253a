#pragma once

#include "base/json.h"
#include "foothold/workload.h"

namespace foothold::workload {

/// The workload that the object `node` describes, in the file form (docs/formats/workload.md), for
/// formats that embed it. Errors name file, line and field; unknown fields are errors.
Result<Workload> ParseWorkload(const base::JsonNode& node);

/// The object that ParseWorkload reads; ToJson is its text.
base::Json WorkloadJson(const Workload& workload);

}  // namespace foothold::workload
