#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "foothold/status.h"
#include "formats/t1/value.h"

// The numbers among the values, as operators and functions see them.
namespace foothold::t1 {

/// Whole numbers and truth values, which are numbers in Python.
inline std::optional<std::int64_t> WholeNumber(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value.held)) return *whole;
  if (const auto* truth = std::get_if<bool>(&value.held)) return *truth ? 1 : 0;
  return std::nullopt;
}

/// Any number, rounded to a double.
inline std::optional<double> Number(const Value& value) {
  if (const auto* number = std::get_if<double>(&value.held)) return *number;
  if (const auto whole = WholeNumber(value)) return static_cast<double>(*whole);
  return std::nullopt;
}

/// Any number without loss: Python compares 2**62 + 1 and 2.0**62 exactly.
inline std::optional<long double> ExactNumber(const Value& value) {
  static_assert(std::numeric_limits<long double>::digits >= 63, "must hold every int64");
  if (const auto* number = std::get_if<double>(&value.held)) return *number;
  if (const auto whole = WholeNumber(value)) return static_cast<long double>(*whole);
  return std::nullopt;
}

inline Status Overflows() { return Status::InvalidArgument("leaves the whole numbers of 64 bits"); }
inline Status DividesByZero() { return Status::InvalidArgument("divides by zero"); }

/// Python's ==.
bool AreEqual(const Value& left, const Value& right);

}  // namespace foothold::t1
