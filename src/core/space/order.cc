#include "core/space/order.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace foothold::space {
namespace {

constexpr std::size_t kUnplaced = SIZE_MAX;

/// An order under construction.
class PartialOrder {
 public:
  PartialOrder(std::span<const std::size_t> sizes, std::span<const ConstraintShape> constraints)
      : constraints_(constraints) {
    for (const std::size_t size : sizes) bits_.push_back(std::log2(static_cast<double>(size)));
    rank_.assign(sizes.size(), kUnplaced);
  }

  const std::vector<std::size_t>& order() const { return order_; }
  /// Estimated edges of a diagram in this order so far.
  double cost() const { return cost_; }
  bool Has(std::size_t parameter) const { return rank_[parameter] != kUnplaced; }

  void Append(std::size_t parameter) {
    cost_ += std::exp2(Frontier() + bits_[parameter]);
    Place(parameter);
  }

  /// The frontier in bits if `parameter` came next.
  double FrontierAfter(std::size_t parameter) {
    Place(parameter);
    const double frontier = Frontier();
    rank_[parameter] = kUnplaced;
    order_.pop_back();
    return frontier;
  }

 private:
  void Place(std::size_t parameter) {
    rank_[parameter] = order_.size();
    order_.push_back(parameter);
  }

  bool IsOpen(const ConstraintShape& constraint) const {
    const auto placed = std::count_if(constraint.parameters.begin(), constraint.parameters.end(),
                                      [this](std::size_t p) { return Has(p); });
    return placed > 0 && static_cast<std::size_t>(placed) < constraint.parameters.size();
  }

  double Frontier() const {
    std::vector<char> is_open(bits_.size());
    std::vector<char> is_remembered(bits_.size());
    double folded = 0;
    for (const ConstraintShape& constraint : constraints_) {
      if (!IsOpen(constraint)) continue;
      bool folds = constraint.is_fold;
      for (const std::size_t parameter : constraint.parameters) {
        if (!Has(parameter)) {
          folds = folds && constraint.is_order_free;  // what comes later must wait for this one
          continue;
        }
        is_open[parameter] = 1;
        if (folds) {
          folded += 0.5 * bits_[parameter];
        } else {
          is_remembered[parameter] = 1;
        }
      }
    }
    double remembered = 0;
    double open = 0;
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      if (is_open[i] != 0) open += bits_[i];
      if (is_remembered[i] != 0) remembered += bits_[i];
    }
    return std::min(open, remembered + folded);
  }

  std::span<const ConstraintShape> constraints_;
  std::vector<double> bits_;
  std::vector<std::size_t> rank_;
  std::vector<std::size_t> order_;
  double cost_ = 0;
};

void CompleteGreedily(PartialOrder* order, std::size_t parameters) {
  while (order->order().size() < parameters) {
    std::size_t best = 0;
    double best_frontier = std::numeric_limits<double>::infinity();
    for (std::size_t parameter = 0; parameter < parameters; ++parameter) {
      if (order->Has(parameter)) continue;
      const double frontier = order->FrontierAfter(parameter);
      if (frontier < best_frontier) {
        best = parameter;
        best_frontier = frontier;
      }
    }
    order->Append(best);
  }
}

}  // namespace

std::vector<std::size_t> ChooseOrder(std::span<const std::size_t> sizes,
                                     std::span<const ConstraintShape> constraints) {
  PartialOrder best(sizes, constraints);
  for (std::size_t parameter = 0; parameter < sizes.size(); ++parameter) best.Append(parameter);
  for (std::size_t first = 0; first < std::min(sizes.size(), kFirstParameters); ++first) {
    PartialOrder candidate(sizes, constraints);
    candidate.Append(first);
    CompleteGreedily(&candidate, sizes.size());
    if (candidate.cost() < best.cost()) best = candidate;
  }
  return best.order();
}

}  // namespace foothold::space
