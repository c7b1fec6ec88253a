#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "foothold/space.h"

namespace foothold::models {

/// A product of parameters, or a ratio of two.
struct Term {
  std::vector<std::size_t> factors;   ///< indices of parameters, at least one
  std::vector<std::size_t> divisors;  ///< empty or one

  /// REQUIRES: no divisor is 0.
  double Of(std::span<const std::int64_t> values) const;
  std::size_t size() const { return factors.size() + divisors.size(); }

  friend bool operator==(const Term&, const Term&) = default;
};
/// "tile_h * tile_w", "tile_co / co_threads"
std::string ToString(const Term& term, const std::vector<Parameter>& parameters);

/// What a rule asks of a config.
struct Test {
  enum class Relation : std::uint8_t { kMoreThan, kLessThan, kEqualTo };

  Term term;
  Relation relation = Relation::kMoreThan;
  double bound = 0;

  bool Holds(std::span<const std::int64_t> values) const;
  friend bool operator==(const Test&, const Test&) = default;
};
/// "tile_h * tile_w > 2048"
std::string ToString(const Test& test, const std::vector<Parameter>& parameters);

/// A number without needless digits: "2048", "0.125".
std::string NumberText(double number);

/// The terms that rules are made of: every parameter that varies; the products of two to four, and
/// the ratios of two, of those whose values are all above 0. Where that would be more than
/// kMaxTerms, the products of four are left out, then those of three. Smaller terms first.
inline constexpr std::size_t kMaxTerms = 800;
std::vector<Term> CandidateTerms(const std::vector<Parameter>& parameters);

/// The tests of one parameter each by which the configs can be told apart: its values where it has
/// up to two, else also all below and all above each.
std::vector<Test> ParameterTests(const std::vector<Parameter>& parameters);

}  // namespace foothold::models
