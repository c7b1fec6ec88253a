#pragma once

#include <optional>

#include "foothold/target.h"

namespace foothold::formats {

/// AutoTVM's error numbers, 0 to 8 (docs/reference/vta-and-autotvm.md#error-numbers): only its logs
/// know them.
inline constexpr int kMaxAutotvmError = 8;

/// The number under which AutoTVM's log has this end of a trial, by its outcome and stage: 0 when
/// it is correct. An imported trial gets back the number that it came with.
int AutotvmErrorOf(const Measurement& measurement);

/// What a record with this number says about its config; nullopt for 0. REQUIRES: 0 <= number <=
/// kMaxAutotvmError.
std::optional<Failure> FailureOfAutotvmError(int number);

}  // namespace foothold::formats
