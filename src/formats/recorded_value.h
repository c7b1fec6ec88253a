#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "foothold/recorded_space.h"

namespace foothold {

/// A time of at least 0, `milliseconds` of which make one of the file's unit; 0 when there is no
/// such field.
Result<double> ParseMilliseconds(JsonObject& object, const std::string& field,
                                 double milliseconds = 1);
/// The objective of a config that is correct: above 0 if it is a time.
Result<double> ParseObjective(const JsonNode& node, const std::string& objective,
                              double milliseconds = 1);
Result<std::vector<double>> ParseTimes(const JsonNode& node, double milliseconds = 1);

/// "" when the object has no such field.
Result<std::string> ParseText(JsonObject& object, const std::string& field);

}  // namespace foothold
