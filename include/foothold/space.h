#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "foothold/export.h"
#include "foothold/rng.h"
#include "foothold/status.h"

namespace foothold {

/// A setting as users write it: not only whole numbers.
using ParameterValue = std::variant<std::int64_t, double, bool, std::string>;
/// "16", "0.5", "True", "left": as Python's str() writes it.
FOOTHOLD_EXPORT std::string ValueText(const ParameterValue& value);

/// One dimension of a space: a name and its values. Where they are ordered, neighbouring values
/// differ by one step.
struct Parameter {
  std::string name;
  std::vector<std::int64_t> values;
  /// What `values` stand for, one for each, all different, where they are only codes. Empty: the
  /// values are meant themselves.
  std::vector<ParameterValue> labels = {};
  /// Whether neighbouring values are more alike than others. If not, all values are neighbours.
  bool is_ordered = true;

  /// The label of the value `values[choice]`, or the value. REQUIRES: choice < values.size().
  ParameterValue ValueAt(std::size_t choice) const {
    return labels.empty() ? ParameterValue(values[choice]) : labels[choice];
  }

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// A point of a space: for each parameter, in the space's order, the index of its value.
struct Config {
  std::vector<std::uint32_t> choices;

  friend auto operator<=>(const Config&, const Config&) = default;  // NOLINT: tidy 14 sees a 0
};
/// "tile_h=7 layout=row ...", with labels where there are some. REQUIRES: `config` has one choice
/// in range per parameter.
FOOTHOLD_EXPORT std::string ToString(const std::vector<Parameter>& parameters,
                                     const Config& config);

/// A rule over some of a space's parameters, decided as soon as the last of them is bound.
///
/// A constraint folds the values of its parameters, one by one in the order given, into a 64-bit
/// state, and accepts or rejects the final state. A product bound folds into the partial product,
/// so counting needs one table entry per distinct partial product instead of one per combination of
/// values.
///
/// The functions must be pure, safe to call from several threads, and defined for every combination
/// of the parameters' values: constraints are not checked in any promised order, so none can rely
/// on another to keep, say, a zero away.
class FOOTHOLD_EXPORT Constraint {
 public:
  using Step = std::function<std::int64_t(std::int64_t state, std::int64_t value)>;
  using Accept = std::function<bool(std::int64_t state)>;
  using Predicate = std::function<bool(std::span<const std::int64_t> values)>;

  /// Any predicate over the values of `parameters`, in that order. `description` is what `explain`
  /// prints.
  static Constraint Where(std::string description, std::vector<std::string> parameters,
                          Predicate predicate);
  /// coefficient * product of the values <= limit, in unbounded arithmetic. REQUIRES (at
  /// Space::Create): all values >= 0.
  static Constraint ProductAtMost(std::string description, std::vector<std::string> parameters,
                                  std::int64_t coefficient, std::int64_t limit);
  /// The values of `parameters`, in that order, are one of `rows`: for spaces that are known as a
  /// list. Costs memory in the number of rows, not in the product of the parameters. REQUIRES: each
  /// row has one value per parameter.
  static Constraint OneOf(std::string description, std::vector<std::string> parameters,
                          const std::vector<std::vector<std::int64_t>>& rows);
  /// The general form: state = step(state, value) from `initial`, then accept(state).
  static Constraint Fold(std::string description, std::vector<std::string> parameters,
                         std::int64_t initial, Step step, Accept accept);

  const std::string& description() const { return description_; }
  const std::vector<std::string>& parameters() const { return parameters_; }

  bool is_fold() const { return static_cast<bool>(step_); }
  const Predicate& predicate() const { return predicate_; }
  std::int64_t initial() const { return initial_; }
  const Step& step() const { return step_; }
  const Accept& accept() const { return accept_; }
  /// The fold gives the same state in whatever order the values come.
  bool is_order_free() const { return is_order_free_; }
  /// The least value that the parameters may have.
  std::int64_t least_value() const { return least_value_; }

 private:
  std::string description_;
  std::vector<std::string> parameters_;
  Predicate predicate_;
  std::int64_t initial_ = 0;
  Step step_;
  Accept accept_;
  bool is_order_free_ = false;
  std::int64_t least_value_ = std::numeric_limits<std::int64_t>::min();
};

/// The set of configs of a workload on a target: a product of parameters cut down by constraints.
///
/// The product is never materialised. Create() builds a layered decision diagram with counts: each
/// layer is one parameter, each node the constraint states still open there. Counting, rank, unrank
/// and uniform sampling walk it. Immutable after Create() and therefore safe to share between
/// threads; copying is cheap.
class FOOTHOLD_EXPORT Space {
 public:
  /// Fails when a parameter has no values or duplicate ones, labels that repeat or are not one for
  /// each value, names repeat, a constraint names an unknown parameter or one twice, the raw size
  /// exceeds 2^63, or the diagram would exceed `max_nodes` nodes or 16 * max_nodes edges while it
  /// is built (the message says which constraints to fold). A space without any valid config is not
  /// an error.
  static Result<Space> Create(std::vector<Parameter> parameters,
                              std::vector<Constraint> constraints = {},
                              std::size_t max_nodes = 4'000'000);

  const std::vector<Parameter>& parameters() const;
  const std::vector<Constraint>& constraints() const;

  /// Product of the parameters' numbers of values.
  std::uint64_t raw_size() const;
  /// Exact number of configs that satisfy every constraint.
  std::uint64_t valid_count() const;
  /// Nodes of the finished diagram: what the constraints cost. 0 when no config is valid.
  std::size_t diagram_nodes() const;

  /// `config` has one choice in range per parameter. All below REQUIRE it.
  bool Contains(const Config& config) const;
  bool IsValid(const Config& config) const;
  /// The first constraint, in declaration order, that `config` breaks; null when it is valid.
  const Constraint* FirstBroken(const Config& config) const;

  /// Bijection between the valid configs and [0, valid_count()), the same in every run.
  /// O(parameters * log values). REQUIRES: rank < valid_count().
  Config Unrank(std::uint64_t rank) const;
  /// nullopt when `config` is not valid.
  std::optional<std::uint64_t> Rank(const Config& config) const;

  /// AutoTVM's mapping between configs and indices ("Config index" in
  /// docs/reference/vta-and-autotvm.md): mixed radix over the raw product, the first parameter
  /// varying fastest. REQUIRES: index < raw_size().
  Config AtIndex(std::uint64_t index) const;
  std::uint64_t IndexOf(const Config& config) const;

  /// Uniform among the valid configs. REQUIRES: valid_count() > 0.
  Config Sample(Rng& rng) const;
  /// The valid configs that differ from `config` by one step of one parameter, or by any other
  /// value of one that is not ordered; in parameter order, lower first. `config` itself need not be
  /// valid.
  std::vector<Config> Neighbours(const Config& config) const;

  /// The values that `config` stands for, in parameter order.
  std::vector<std::int64_t> Values(const Config& config) const;
  /// The value of the parameter `name`. REQUIRES: the parameter exists.
  std::int64_t Value(const Config& config, const std::string& name) const;
  /// The config with these values, in parameter order; fails naming the parameter and its values.
  Result<Config> FromValues(std::span<const std::int64_t> values) const;
  /// "tile_h=7 layout=row ...", with labels where there are some: the form used in messages and
  /// tables.
  std::string ToString(const Config& config) const;

 private:
  struct Impl;
  explicit Space(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

}  // namespace foothold
