#include <map>
#include <memory>
#include <utility>

#include "base/check.h"
#include "foothold/space.h"

namespace foothold {
namespace {

__extension__ using Wide = __int128;

/// The state for every product from the turning point on. Products themselves are not negative.
constexpr std::int64_t kBeyond = -1;

/// A product from which on all larger ones are judged like it. The fold does not tell them apart,
/// which bounds its states and keeps it from overflowing.
Wide TurningPoint(std::int64_t coefficient, std::int64_t limit) {
  if (coefficient > 0 && limit >= 0) return Wide{limit} / coefficient + 1;  // the least rejected
  if (coefficient < 0 && limit < 0) {
    return (Wide{limit} + coefficient + 1) / coefficient;  // the least accepted
  }
  return 1;  // all alike, the zero perhaps excepted
}

/// The rows of a list as a tree: a node for each different beginning of a row, numbered from the
/// root, 0.
class PrefixTree {
 public:
  /// Where no row goes on.
  static constexpr std::int64_t kNone = -1;

  PrefixTree() : children_(1) {}

  void Insert(const std::vector<std::int64_t>& row) {
    std::int64_t node = 0;
    for (const std::int64_t value : row) {
      const auto next = static_cast<std::int64_t>(children_.size());
      const auto [child, is_new] = children_[static_cast<std::size_t>(node)].emplace(value, next);
      node = child->second;
      if (is_new) children_.emplace_back();
    }
  }

  std::int64_t Child(std::int64_t node, std::int64_t value) const {
    if (node == kNone) return kNone;
    const auto& children = children_[static_cast<std::size_t>(node)];
    const auto child = children.find(value);
    return child == children.end() ? kNone : child->second;
  }

 private:
  std::vector<std::map<std::int64_t, std::int64_t>> children_;  // by node: value -> node
};

}  // namespace

Constraint Constraint::Where(std::string description, std::vector<std::string> parameters,
                             Predicate predicate) {
  Constraint constraint;
  constraint.description_ = std::move(description);
  constraint.parameters_ = std::move(parameters);
  constraint.predicate_ = std::move(predicate);
  return constraint;
}

Constraint Constraint::Fold(std::string description, std::vector<std::string> parameters,
                            std::int64_t initial, Step step, Accept accept) {
  Constraint constraint;
  constraint.description_ = std::move(description);
  constraint.parameters_ = std::move(parameters);
  constraint.initial_ = initial;
  constraint.step_ = std::move(step);
  constraint.accept_ = std::move(accept);
  return constraint;
}

Constraint Constraint::OneOf(std::string description, std::vector<std::string> parameters,
                             const std::vector<std::vector<std::int64_t>>& rows) {
  const auto tree = std::make_shared<PrefixTree>();
  for (const auto& row : rows) {
    FOOTHOLD_CHECK(row.size() == parameters.size(), "a row has one value per parameter");
    tree->Insert(row);
  }
  // All values are read, so whatever node is left is the end of a row; without rows there is none.
  return Fold(
      std::move(description), std::move(parameters), rows.empty() ? PrefixTree::kNone : 0,
      [tree](std::int64_t node, std::int64_t value) { return tree->Child(node, value); },
      [](std::int64_t node) { return node != PrefixTree::kNone; });
}

Constraint Constraint::ProductAtMost(std::string description, std::vector<std::string> parameters,
                                     std::int64_t coefficient, std::int64_t limit) {
  const Wide turn = TurningPoint(coefficient, limit);
  Constraint constraint = Fold(
      std::move(description), std::move(parameters), 1,
      [turn](std::int64_t state, std::int64_t value) -> std::int64_t {
        if (value == 0) return 0;
        if (state == kBeyond) return kBeyond;
        const Wide product = Wide{state} * value;
        return product >= turn ? kBeyond : static_cast<std::int64_t>(product);  // turn <= 2^63
      },
      [coefficient, limit, turn](std::int64_t state) {
        return Wide{coefficient} * (state == kBeyond ? turn : Wide{state}) <= limit;
      });
  constraint.is_order_free_ = true;
  constraint.least_value_ = 0;
  return constraint;
}

}  // namespace foothold
