#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace foothold::space {

/// What the choice of an order needs to know of a constraint.
struct ConstraintShape {
  std::vector<std::size_t> parameters;  // indices, in the constraint's own order
  bool is_fold;
  bool is_order_free;
};

/// The order in which a decision diagram should decide the parameters: a permutation of
/// 0 ... sizes.size() - 1, chosen so that few states are open between one parameter and the next.
///
/// Greedy, from several first parameters: next comes the parameter that leaves the smallest
/// estimated frontier, the earliest declared of equals. The estimate, in bits, takes log2(values)
/// for each parameter that an open predicate must remember and half of that for one that a fold has
/// taken in. Of the greedy orders and the declared one the cheapest is taken, by the estimated
/// number of edges; of equals the declared one. Deterministic. O(p^2 * a) for at most
/// kFirstParameters starts, p parameters and a mentions of parameters in constraints.
std::vector<std::size_t> ChooseOrder(std::span<const std::size_t> sizes,
                                     std::span<const ConstraintShape> constraints);

/// First parameters that ChooseOrder tries.
constexpr std::size_t kFirstParameters = 16;

}  // namespace foothold::space
