#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "foothold/recorded_space.h"

namespace foothold::formats {

/// A time of at least 0, `milliseconds` of which make one of the file's unit; 0 when there is no
/// such field.
Result<double> ParseMilliseconds(base::JsonObject& object, const std::string& field,
                                 double milliseconds = 1);
/// The objective of a config that is correct: above 0 if it is a time.
Result<double> ParseObjective(const base::JsonNode& node, const std::string& objective,
                              double milliseconds = 1);
Result<std::vector<double>> ParseTimes(const base::JsonNode& node, double milliseconds = 1);

/// "" when the object has no such field.
Result<std::string> ParseText(base::JsonObject& object, const std::string& field);

}  // namespace foothold::formats
