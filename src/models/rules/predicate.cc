#include "models/rules/predicate.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace foothold::models {
namespace {

std::vector<std::size_t> Varying(const std::vector<Parameter>& parameters) {
  std::vector<std::size_t> varying;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].values.size() > 1) varying.push_back(i);
  }
  return varying;
}

bool IsPositive(const Parameter& parameter) {
  return *std::min_element(parameter.values.begin(), parameter.values.end()) > 0;
}

/// The products of `size` of the parameters, in lexicographic order.
std::vector<Term> Products(const std::vector<std::size_t>& of, std::size_t size) {
  std::vector<Term> terms;
  if (size > of.size()) return terms;
  std::vector<bool> chosen(of.size());
  std::fill_n(chosen.begin(), size, true);
  do {
    Term term;
    for (std::size_t i = 0; i < of.size(); ++i) {
      if (chosen[i]) term.factors.push_back(of[i]);
    }
    terms.push_back(std::move(term));
  } while (std::prev_permutation(chosen.begin(), chosen.end()));
  return terms;
}

std::size_t Choose(std::size_t n, std::size_t k) {
  std::size_t count = 1;
  for (std::size_t i = 0; i < k; ++i) count = count * (n - i) / (i + 1);
  return n < k ? 0 : count;
}

}  // namespace

double Term::Of(std::span<const std::int64_t> values) const {
  double value = 1;
  for (const std::size_t factor : factors) value *= static_cast<double>(values[factor]);
  for (const std::size_t divisor : divisors) value /= static_cast<double>(values[divisor]);
  return value;
}

std::string ToString(const Term& term, const std::vector<Parameter>& parameters) {
  std::string text;
  for (const std::size_t factor : term.factors) {
    text += (text.empty() ? "" : " * ") + parameters[factor].name;
  }
  for (const std::size_t divisor : term.divisors) text += " / " + parameters[divisor].name;
  return text;
}

bool Test::Holds(std::span<const std::int64_t> values) const {
  const double value = term.Of(values);
  if (relation == Relation::kEqualTo) return value == bound;
  return relation == Relation::kMoreThan ? value > bound : value < bound;
}

std::string NumberText(double number) {
  constexpr double kExact = 1e15;
  if (std::abs(number) < kExact && number == std::floor(number)) {
    return fmt::format("{}", static_cast<std::int64_t>(number));
  }
  return fmt::format("{:.4g}", number);
}

std::string ToString(const Test& test, const std::vector<Parameter>& parameters) {
  const char* sign = test.relation == Test::Relation::kEqualTo    ? "="
                     : test.relation == Test::Relation::kMoreThan ? ">"
                                                                  : "<";
  return fmt::format("{} {} {}", ToString(test.term, parameters), sign, NumberText(test.bound));
}

std::vector<Term> CandidateTerms(const std::vector<Parameter>& parameters) {
  const std::vector<std::size_t> varying = Varying(parameters);
  std::vector<std::size_t> positive;
  std::copy_if(varying.begin(), varying.end(), std::back_inserter(positive),
               [&](std::size_t i) { return IsPositive(parameters[i]); });
  std::vector<Term> terms = Products(varying, 1);
  const auto append = [&](const std::vector<Term>& more) {
    terms.insert(terms.end(), more.begin(), more.end());
  };
  append(Products(positive, 2));
  for (const std::size_t over : positive) {
    for (const std::size_t under : positive) {
      // A ratio and its inverse say the same.
      if (over < under) terms.push_back({{over}, {under}});
    }
  }
  for (const std::size_t size : {std::size_t{3}, std::size_t{4}}) {
    if (terms.size() + Choose(positive.size(), size) > kMaxTerms) break;
    append(Products(positive, size));
  }
  return terms;
}

std::vector<Test> ParameterTests(const std::vector<Parameter>& parameters) {
  std::vector<Test> tests;
  for (const std::size_t i : Varying(parameters)) {
    std::vector<std::int64_t> values = parameters[i].values;
    std::sort(values.begin(), values.end());
    const auto add = [&](Test::Relation relation, std::int64_t bound) {
      tests.push_back({Term{{i}, {}}, relation, static_cast<double>(bound)});
    };
    for (const std::int64_t value : values) add(Test::Relation::kEqualTo, value);
    for (std::size_t v = 1; v + 1 < values.size(); ++v) {
      add(Test::Relation::kLessThan, values[v + 1]);
      add(Test::Relation::kMoreThan, values[v - 1]);
    }
  }
  return tests;
}

}  // namespace foothold::models
