#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/space/row_table.h"
#include "foothold/space.h"

namespace foothold::space {

/// One parameter of a constraint: where it stands in the constraint's own list, and its values.
struct AutomatonInput {
  std::size_t position;
  std::span<const std::int64_t> values;
};

/// A constraint as a machine that reads the choices for its parameters one by one, in an order that
/// need not be the constraint's own, and says after each whether it can still be satisfied.
///
/// States are small numbers, counted anew at each level (a level is the number of choices read).
/// Where the table of all combinations is affordable, it is made at construction and minimised:
/// states that accept the same continuations are one, and those that accept none are kDead.
/// Otherwise the states are the distinct histories met so far (fold state and values that must be
/// remembered), and only the last step can find out that the constraint is broken. Not thread-safe.
class Automaton {
 public:
  static constexpr std::uint32_t kDead = UINT32_MAX;
  /// The state after the last choice, when the constraint is satisfied.
  static constexpr std::uint32_t kAccepted = 0;
  /// Entries that the tables and the histories behind them may have together: at most 48 MB.
  static constexpr std::size_t kTableLimit = std::size_t{1} << 22;

  /// `inputs` are the constraint's parameters in the order in which they will be read; their values
  /// and `constraint` must outlive this.
  Automaton(const Constraint& constraint, std::vector<AutomatonInput> inputs,
            std::size_t table_limit = kTableLimit);

  std::size_t levels() const { return inputs_.size(); }
  bool is_tabulated() const { return is_tabulated_; }
  /// The state before the first choice: kDead if nothing can satisfy the constraint.
  std::uint32_t start() const { return start_; }
  /// The state at `level` + 1 after reading `choice` in `state` at `level`.
  std::uint32_t Step(std::size_t level, std::uint32_t state, std::uint32_t choice) {
    if (!is_tabulated_) return StepHistory(level, state, choice);
    return tables_[level][state * inputs_[level].values.size() + choice];
  }

 private:
  using Table = std::vector<std::uint32_t>;  // [state * choices + choice] -> state one level on

  void PlanLevels();
  void ForgetHistories();
  std::optional<std::vector<Table>> Tabulate(std::size_t table_limit);
  void Minimise(std::vector<Table> tables);
  std::uint32_t StepHistory(std::size_t level, std::uint32_t state, std::uint32_t choice);

  const Constraint& constraint_;
  const std::vector<AutomatonInput> inputs_;
  bool is_tabulated_ = false;
  std::uint32_t start_ = kAccepted;
  std::vector<Table> tables_;  // by level; empty unless tabulated

  // A history at a level is a row: the fold's state over the values folded so far, then the values
  // that wait, in the order of pending_[level].
  std::vector<std::vector<std::size_t>> pending_;  // by level: positions read but not folded
  std::vector<std::vector<std::size_t>> folding_;  // by level: positions folded by the step from it
  std::vector<RowTable<std::int64_t>> histories_;  // by level, the last excepted
  std::vector<std::int64_t> values_;               // scratch, by position
  std::vector<std::int64_t> row_;                  // scratch
};

}  // namespace foothold::space
