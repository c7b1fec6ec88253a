#pragma once

#include <vector>

#include "base/json.h"
#include "foothold/space.h"

namespace foothold::command {

/// The "parameters" of a command-target file. Values that are not all whole numbers are labels;
/// texts and truth values have no order unless the file says so.
Result<std::vector<Parameter>> ReadParameters(const base::JsonNode& list);

/// The "constraints": bounds on products, and expressions as T1 files have them.
Result<std::vector<Constraint>> ReadConstraints(const base::JsonNode& list,
                                                const std::vector<Parameter>& parameters);

}  // namespace foothold::command
