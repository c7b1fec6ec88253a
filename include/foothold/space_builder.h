#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "foothold/export.h"
#include "foothold/space.h"
#include "foothold/status.h"

namespace foothold {

/// What a conditional parameter has where its condition is not met.
inline constexpr const char* kInactive = "(inactive)";

/// A parameter of any values: whole numbers stand for themselves, others are labels of the codes 0,
/// 1, ...
FOOTHOLD_EXPORT Parameter MakeParameter(std::string name, std::vector<ParameterValue> values,
                                        bool is_ordered);

/// A rule over the values of parameters, of which it sees the labels where there are some: an
/// expression, or a predicate.
///
/// Expressions are a small part of Python (docs/formats/t1.md, "Expressions") over the parameters'
/// names. One that cannot be evaluated for some values (it divides by zero) is not met by them.
struct SpaceRule {
  using Predicate = std::function<bool(std::span<const ParameterValue> values)>;

  std::string text;                          ///< the expression, or what messages say of `holds`
  std::vector<std::string> parameters = {};  ///< those of `holds`, in the order of its values
  Predicate holds = {};  ///< pure, and safe to call from several threads; null: an expression
};

/// The rule over the parameters' own values. InvalidArgument, naming the rule, when it names no
/// parameter or one that is not among `parameters`; and of an expression, with the column, when it
/// cannot be read, or cannot be evaluated for the largest values.
FOOTHOLD_EXPORT Result<Constraint> ToConstraint(const SpaceRule& rule,
                                                std::span<const Parameter> parameters);

/// Makes a Space of parameters of any values, of conditional ones, and of rules about these values.
///
/// A conditional parameter has the value kInactive exactly where its condition is false, so that
/// configs that differ in nothing else are one. A condition or rule that speaks of an inactive
/// parameter is not evaluated: the condition counts as false, the rule as met.
class FOOTHOLD_EXPORT SpaceBuilder {
 public:
  /// A parameter that is always active. Problems with it are Build's to report.
  void Add(std::string name, std::vector<ParameterValue> values, bool is_ordered);
  /// One that is active where `condition` is met; it speaks of parameters that were added before.
  void AddIf(SpaceRule condition, std::string name, std::vector<ParameterValue> values,
             bool is_ordered);
  /// A rule that all configs meet.
  void Require(SpaceRule rule);
  /// The same for a constraint over the space's own values: codes where there are labels.
  void Require(Constraint constraint);

  /// Errors are those of ToConstraint and Space::Create.
  Result<Space> Build() const;

 private:
  struct Condition {
    std::size_t parameter;
    SpaceRule rule;
  };
  std::vector<Parameter> parameters_;
  std::vector<Condition> conditions_;
  std::vector<SpaceRule> rules_;
  std::vector<Constraint> constraints_;
};

}  // namespace foothold
