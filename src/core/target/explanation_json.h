#pragma once

#include "base/json.h"
#include "foothold/explanation.h"

namespace foothold {

/// What ToJson writes, for what has more to say: `foothold explain --log`, the report's page.
Json ExplanationJson(const Explanation& explanation);

}  // namespace foothold
