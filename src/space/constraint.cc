#include <utility>

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
