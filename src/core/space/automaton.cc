#include "core/space/automaton.h"

#include <algorithm>
#include <utility>

namespace foothold::space {

Automaton::Automaton(const Constraint& constraint, std::vector<AutomatonInput> inputs,
                     std::size_t table_limit)
    : constraint_(constraint), inputs_(std::move(inputs)), values_(inputs_.size()) {
  if (inputs_.empty()) {
    const bool holds = constraint_.is_fold() ? constraint_.accept()(constraint_.initial())
                                             : constraint_.predicate()({});
    start_ = holds ? kAccepted : kDead;
    return;
  }
  PlanLevels();
  ForgetHistories();
  if (std::optional<std::vector<Table>> tables = Tabulate(table_limit)) {
    Minimise(*std::move(tables));
    histories_.clear();
    is_tabulated_ = true;
  } else {
    ForgetHistories();
  }
}

/// A predicate folds nothing and remembers all. A fold whose order matters takes a value in when
/// all before it, in the constraint's own order, have been read; until then the value waits.
void Automaton::PlanLevels() {
  std::vector<std::size_t> waiting;
  std::size_t next = 0;  // position to fold
  for (const AutomatonInput& input : inputs_) {
    pending_.push_back(waiting);
    waiting.push_back(input.position);
    std::vector<std::size_t> folding;
    if (constraint_.is_fold()) {
      if (constraint_.is_order_free()) next = input.position;
      auto found = waiting.end();
      while ((found = std::find(waiting.begin(), waiting.end(), next)) != waiting.end()) {
        waiting.erase(found);
        folding.push_back(next++);
      }
    }
    folding_.push_back(std::move(folding));
  }
  pending_.push_back(std::move(waiting));
}

/// Leaves only the start.
void Automaton::ForgetHistories() {
  histories_.clear();
  for (std::size_t level = 0; level < levels(); ++level) {
    histories_.emplace_back(1 + pending_[level].size());
  }
  const std::int64_t initial = constraint_.initial();
  histories_[0].Intern(&initial);
}

/// The tables over all histories, or nothing if tables and histories would take more than
/// `table_limit` entries.
std::optional<std::vector<Automaton::Table>> Automaton::Tabulate(std::size_t table_limit) {
  std::vector<Table> tables;
  std::size_t entries = 1;  // the start's history
  for (std::size_t level = 0; level < levels(); ++level) {
    const std::size_t choices = inputs_[level].values.size();
    const std::size_t states = histories_[level].size();
    const bool is_last = level + 1 == levels();
    const std::size_t row_size = is_last ? 0 : histories_[level + 1].width();
    // A predicate's histories are all different: no need to make them to know their number.
    const std::size_t per_entry = 1 + (constraint_.is_fold() ? 0 : row_size);
    if (states * choices * per_entry > table_limit - entries) return std::nullopt;
    entries += states * choices;
    Table& table = tables.emplace_back();
    table.reserve(states * choices);
    for (std::uint32_t state = 0; state < states; ++state) {
      for (std::uint32_t choice = 0; choice < choices; ++choice) {
        table.push_back(StepHistory(level, state, choice));
      }
      if (!is_last && histories_[level + 1].size() * row_size > table_limit - entries) {
        return std::nullopt;
      }
    }
    if (!is_last) entries += histories_[level + 1].size() * row_size;
  }
  return tables;
}

/// From the last level back: histories with the same row in the table are one state.
void Automaton::Minimise(std::vector<Table> tables) {
  tables_.resize(levels());
  std::vector<std::uint32_t> state_of = {kAccepted};  // history at the level after -> state
  for (std::size_t level = levels(); level-- > 0;) {
    const std::size_t choices = inputs_[level].values.size();
    RowTable<std::uint32_t> states(choices);
    std::vector<std::uint32_t> state_of_here;
    for (auto row = tables[level].begin(); row != tables[level].end();) {
      const auto end = row + static_cast<std::ptrdiff_t>(choices);
      bool is_alive = false;
      for (auto next = row; next != end; ++next) {
        if (*next != kDead) *next = state_of[*next];
        is_alive = is_alive || *next != kDead;
      }
      state_of_here.push_back(is_alive ? states.Intern(&*row) : kDead);
      row = end;
    }
    state_of = std::move(state_of_here);
    tables_[level] = std::move(states).TakeRows();
    tables[level] = {};
  }
  start_ = state_of[0];
}

std::uint32_t Automaton::StepHistory(std::size_t level, std::uint32_t state, std::uint32_t choice) {
  const std::int64_t* history = histories_[level].Row(state);
  std::int64_t folded = history[0];
  for (const std::size_t position : pending_[level]) values_[position] = *++history;
  values_[inputs_[level].position] = inputs_[level].values[choice];
  for (const std::size_t position : folding_[level]) {
    folded = constraint_.step()(folded, values_[position]);
  }
  if (level + 1 == levels()) {
    const bool holds =
        constraint_.is_fold() ? constraint_.accept()(folded) : constraint_.predicate()(values_);
    return holds ? kAccepted : kDead;
  }
  row_.assign(1, folded);
  for (const std::size_t position : pending_[level + 1]) row_.push_back(values_[position]);
  return histories_[level + 1].Intern(row_.data());
}

}  // namespace foothold::space
