#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "foothold/target.h"

namespace foothold::measure {

// Each reads one field of a message. Errors are InvalidArgument and name the field.

/// At most 4,096 bytes.
Result<std::string> ReadText(base::JsonObject& object, const std::string& field);
/// A name that may be part of a key: 1 to 200 of the characters of IsName.
Result<std::string> ReadName(base::JsonObject& object, const std::string& field);
Result<double> ReadNumber(base::JsonObject& object, const std::string& field, double min,
                          double max);
/// An array of finite numbers above 0, which may be empty.
Result<std::vector<double>> ReadTimes(base::JsonObject& object, const std::string& field);
/// "metrics": an object of finite numbers.
Result<Metrics> ReadMetrics(base::JsonObject& object);
/// A config as the choice of each parameter.
Result<Config> ReadConfig(const base::JsonNode& node);
/// "failure"; nullopt where there is none.
Result<std::optional<Failure>> ReadFailure(base::JsonObject& object);
base::Json FailureJson(const Failure& failure);

/// Whether `text` may be the name of a class, device, run or job: letters, digits and -._:/@+=,#
/// only, and not too long. So names cannot mean anything to a server, a shell or a terminal.
bool IsName(std::string_view text);
inline constexpr std::size_t kMostNameBytes = 200;

}  // namespace foothold::measure
