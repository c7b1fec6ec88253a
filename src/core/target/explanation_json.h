#pragma once

#include "base/json.h"
#include "foothold/explanation.h"

namespace foothold::target {

/// What ToJson writes, for what has more to say: `foothold explain --log`, the report's page.
base::Json ExplanationJson(const Explanation& explanation);

}  // namespace foothold::target
