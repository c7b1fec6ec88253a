#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/json.h"
#include "foothold/record.h"

namespace foothold::records {

inline constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();

// Each reads one or a few fields of a line's object. Errors are InvalidArgument, and name the
// field and what would be right.

/// A whole number >= 0.
Result<std::uint64_t> ReadIndex(const base::JsonNode& node);
Result<double> ReadNumber(base::JsonObject& object, const std::string& field);
/// A number >= 0.
Result<double> ReadSeconds(base::JsonObject& object, const std::string& field);
/// An object of numbers, whose names are free.
Result<Metrics> ReadNumbers(base::JsonObject& object, const std::string& field);
/// "config": for each parameter one of its values.
Result<Config> ReadConfig(base::JsonObject& object, const std::vector<Parameter>& parameters);
Result<Outcome> ReadOutcome(base::JsonObject& object);
/// The fields beside `outcome` of what failed.
Result<Failure> ReadFailure(base::JsonObject& object, Outcome outcome);
/// "seconds": at least one time, all above 0.
Result<std::vector<double>> ReadTimes(base::JsonObject& object);
/// The fields that depend on how the trial ended, into `measurement`.
Status ReadOutcomeFields(base::JsonObject& object, Measurement& measurement);
/// "cause", which is optional.
Result<WithdrawalCause> ReadCause(base::JsonObject& object);
/// The fields of a `run` line after its number.
Result<RunHeader> ReadHeader(base::JsonObject& object);

}  // namespace foothold::records
