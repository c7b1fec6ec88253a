#include "network/quantise/units.h"

#include <algorithm>
#include <cmath>

#include "network/quantise/exponents.h"

namespace foothold::network {
namespace {

/// Units that are tried: 2^(i / kUnits).
constexpr int kUnits = 8;
constexpr int kMostSweeps = 8;

/// The relative error with each unit, with the best power of two.
using Costs = std::array<double, kUnits>;

double UnitOf(int index) { return std::exp2(static_cast<double>(index) / kUnits); }

Costs CostsOf(const Histogram& histogram) {
  Costs costs = {};
  if (histogram.largest() == 0) return costs;
  for (int i = 0; i < kUnits; ++i) {
    const double unit = UnitOf(i);
    costs[static_cast<std::size_t>(i)] =
        histogram.RelativeError(std::ldexp(unit, BestExponent(histogram, unit)));
  }
  return costs;
}

/// A layer: the ratio of its units is that of its weights.
struct Layer {
  std::size_t input;   ///< as UnitGroups has it
  std::size_t output;  ///< likewise
  Costs costs;

  double Cost(int input_unit, int output_unit) const {
    return costs[static_cast<std::size_t>((output_unit - input_unit + kUnits) % kUnits)];
  }
};

/// Improves one set after the other while that helps.
class Units {
 public:
  Units(const Graph& graph, Groups& scale_groups, const std::vector<Histogram>& histograms,
        const std::vector<Histogram>& weights)
      : groups_(UnitGroups(graph)), costs_(graph.values.size()), chosen_(graph.values.size(), 0) {
    for (std::size_t i = 0; i < histograms.size(); ++i) {
      if (scale_groups.Of(i) != i) continue;
      const Costs costs = CostsOf(histograms[i]);
      for (std::size_t j = 0; j < costs.size(); ++j) costs_[groups_.Of(i)][j] += costs[j];
    }
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const Node& node = graph.nodes[i];
      if (!IsLayer(node) || !RunsOnIntegers(graph, node)) continue;
      layers_.push_back(
          {groups_.Of(Index(node.inputs[0])), groups_.Of(Index(node.output)), CostsOf(weights[i])});
    }
  }

  std::vector<float> Choose() {
    int sweeps = 0;
    while (sweeps++ < kMostSweeps && Sweep()) {
    }
    std::vector<float> units;
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      units.push_back(static_cast<float>(UnitOf(chosen_[groups_.Of(i)])));
    }
    return units;
  }

 private:
  double CostOf(std::size_t group, int unit) const {
    double cost = costs_[group][static_cast<std::size_t>(unit)];
    for (const Layer& layer : layers_) {
      if (layer.input != group && layer.output != group) continue;
      cost += layer.Cost(layer.input == group ? unit : chosen_[layer.input],
                         layer.output == group ? unit : chosen_[layer.output]);
    }
    return cost;
  }

  bool Sweep() {
    bool has_changed = false;
    for (std::size_t group = 0; group < chosen_.size(); ++group) {
      if (groups_.Of(group) != group) continue;
      int best = chosen_[group];
      double least = CostOf(group, best);
      for (int unit = 0; unit < kUnits; ++unit) {
        const double cost = CostOf(group, unit);
        if (cost >= least) continue;
        best = unit;
        least = cost;
      }
      has_changed = has_changed || best != chosen_[group];
      chosen_[group] = best;
    }
    return has_changed;
  }

  Groups groups_;
  std::vector<Costs> costs_;
  std::vector<int> chosen_;  ///< of each set, at the value that stands for it
  std::vector<Layer> layers_;
};

}  // namespace

std::vector<float> ChooseUnits(const Graph& graph, Groups& scale_groups,
                               const std::vector<Histogram>& histograms,
                               const std::vector<Histogram>& weights) {
  return Units(graph, scale_groups, histograms, weights).Choose();
}

std::vector<Histogram> WeightHistograms(const Graph& graph) {
  std::vector<Histogram> histograms(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (!IsLayer(node) || !RunsOnIntegers(graph, node)) continue;
    for (const float one : graph.Input(node, 1)->constant->floats()) histograms[i].Add(one);
  }
  return histograms;
}

}  // namespace foothold::network
