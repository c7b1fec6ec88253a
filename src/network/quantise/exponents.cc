#include "network/quantise/exponents.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "network/execute/execute.h"
#include "network/quantise/scale_groups.h"
#include "network/quantise/units.h"

namespace foothold::network {
namespace {

/// The exponents that are tried: the smallest that holds all, and those below it.
constexpr int kCandidates = 4;
/// Of values that are always 0.
constexpr int kExponentOfNothing = -7;
/// Scales stay numbers that float32 has, whatever is in a file.
constexpr int kLeastExponent = -60;
constexpr int kMostExponent = 60;
/// A bias must leave room for the sums in 32 bits.
constexpr double kMostBias = 1 << 30;

class Chooser {
 public:
  explicit Chooser(const Graph& graph)
      : graph_(graph), groups_(ScaleGroups(graph)), histograms_(graph.values.size()) {
    chosen_.of_value.resize(graph.values.size(), 0);
    chosen_.units.resize(graph.values.size(), 1);
    chosen_.is_integer.resize(graph.values.size(), false);
    chosen_.of_weight.resize(graph.nodes.size(), 0);
    for (const Node& node : graph.nodes) {
      if (!RunsOnIntegers(graph, node)) continue;
      for (const ValueId input : Activations(node)) chosen_.is_integer[Index(input)] = true;
      chosen_.is_integer[Index(node.output)] = true;
    }
  }

  Result<Exponents> Choose(const std::vector<Tensor>& samples, Scales scales) {
    if (samples.empty()) {
      FOOTHOLD_RETURN_IF_ERROR(CountClamps());
    } else {
      CountSamples(samples);
    }
    const std::vector<Histogram> weights = WeightHistograms(graph_);
    if (scales == Scales::kRatio) {
      chosen_.units = ChooseUnits(graph_, groups_, histograms_, weights);
    }
    std::vector<int> of_group(graph_.values.size(), 0);
    for (std::size_t i = 0; i < of_group.size(); ++i) {
      if (groups_.Of(i) == i) {
        of_group[i] = BestExponent(histograms_[i], double{chosen_.units[i]});
      }
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      if (!IsLayer(node) || !RunsOnIntegers(graph_, node)) continue;
      chosen_.of_weight[i] = BestExponent(weights[i], WeightUnit(node));
    }
    while (RaiseExponents(of_group)) {
    }
    for (std::size_t i = 0; i < graph_.values.size(); ++i) {
      chosen_.of_value[i] = of_group[groups_.Of(i)];
    }
    return std::move(chosen_);
  }

 private:
  double WeightUnit(const Node& node) const {
    return double{chosen_.units[Index(node.output)]} / chosen_.units[Index(node.inputs[0])];
  }

  void CountSamples(const std::vector<Tensor>& samples) {
    for (const Tensor& sample : samples) {
      const Results results = ExecuteAll(graph_, {sample});
      for (std::size_t i = 0; i < results.size(); ++i) {
        if (!chosen_.is_integer[i] || !results[i]) continue;
        Histogram& histogram = histograms_[groups_.Of(i)];
        for (const float real : results[i]->floats()) histogram.Add(real);
      }
    }
  }

  Status CountClamps() {
    std::vector<double> largest(graph_.values.size(), -1);
    const auto know = [&](ValueId value, const Clamp& clamp) {
      const double most = std::max(std::fabs(clamp.low), std::fabs(clamp.high));
      if (!std::isfinite(most)) return;
      double& known = largest[groups_.Of(Index(value))];
      known = std::max(known, most);
    };
    for (const Node& node : graph_.nodes) {
      if (const auto* conv = std::get_if<Conv>(&node.operation)) know(node.output, conv->clamp);
      if (const auto* dense = std::get_if<Dense>(&node.operation)) know(node.output, dense->clamp);
      if (const auto* clip = std::get_if<Clip>(&node.operation)) know(node.output, clip->clamp);
      if (const auto* both = std::get_if<Binary>(&node.operation)) know(node.output, both->clamp);
    }
    for (std::size_t i = 0; i < graph_.values.size(); ++i) {
      if (!chosen_.is_integer[i] || !graph_.values[i].constant) continue;
      double& known = largest[groups_.Of(i)];
      known = std::max(known, 0.0);
      for (const float one : graph_.values[i].constant->floats()) {
        known = std::max(known, std::fabs(double{one}));
      }
    }
    // What is beyond the clamp of the only node that uses a value does not matter.
    const auto sole_users = SoleUsers(graph_);
    for (std::size_t i = 0; i < graph_.values.size(); ++i) {
      if (sole_users[i] < 0 || largest[groups_.Of(i)] >= 0) continue;
      const Node& user = graph_.nodes[static_cast<std::size_t>(sole_users[i])];
      if (const auto* clip = std::get_if<Clip>(&user.operation)) {
        know(static_cast<ValueId>(i), clip->clamp);
      }
    }
    for (std::size_t i = 0; i < graph_.values.size(); ++i) {
      if (!chosen_.is_integer[i]) continue;
      const double most = largest[groups_.Of(i)];
      if (most < 0) {
        return Status::InvalidArgument(
            fmt::format("nothing says how large the numbers of '{}' are: give samples to calibrate "
                        "with",
                        graph_.values[i].name));
      }
      if (groups_.Of(i) == i) histograms_[i].AddAllUpTo(most);
    }
    return {};
  }

  /// Makes scales coarser where a layer would have to shift to the left; whether it had to.
  bool RaiseExponents(std::vector<int>& of_group) {
    bool has_changed = false;
    const auto raise = [&](int& exponent, int least) {
      if (exponent >= least) return;
      exponent = least;
      has_changed = true;
    };
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      if (!IsLayer(node) || !RunsOnIntegers(graph_, node)) continue;
      int& weight = chosen_.of_weight[i];
      const int input = of_group[groups_.Of(Index(node.inputs[0]))];
      if (const Value* bias = graph_.Input(node, 2)) {
        double largest = 0;
        for (const float one : bias->constant->floats()) {
          largest = std::max(largest, std::fabs(double{one}));
        }
        largest /= double{chosen_.units[Index(node.output)]};
        const double least = largest > 0 ? std::ceil(std::log2(largest / kMostBias)) : -1e9;
        raise(weight, static_cast<int>(std::max(least - input, double{kLeastExponent})));
      }
      raise(of_group[groups_.Of(Index(node.output))], input + weight);
      if (node.inputs.size() > 3)
        raise(of_group[groups_.Of(Index(node.inputs[3]))], input + weight);
    }
    return has_changed;
  }

  const Graph& graph_;
  Groups groups_;
  std::vector<Histogram> histograms_;  ///< of each set of groups_, at the value that stands for it
  Exponents chosen_;
};

}  // namespace

bool RunsOnIntegers(const Graph& graph, const Node& node) {
  if (IsLayer(node)) {
    const auto* dense = std::get_if<Dense>(&node.operation);
    if (dense != nullptr && (dense->alpha != 1 || dense->beta != 1)) return false;
    const Value* bias = graph.Input(node, 2);
    return graph.Input(node, 1)->constant && (bias == nullptr || bias->constant);
  }
  if (const auto* binary = std::get_if<Binary>(&node.operation)) {
    return binary->kind == Binary::Kind::kAdd && !graph.Input(node, 0)->constant &&
           !graph.Input(node, 1)->constant;
  }
  return OnlyMoves(node) || std::holds_alternative<Clip>(node.operation);
}

int BestExponent(const Histogram& histogram, double unit) {
  if (histogram.largest() == 0) return kExponentOfNothing;
  const double holding = std::ceil(std::log2(histogram.largest() / unit / kMostInteger));
  const int first = static_cast<int>(
      std::clamp(holding, double{kLeastExponent + kCandidates}, double{kMostExponent}));
  int best = first;
  double least = histogram.RelativeError(std::ldexp(unit, best));
  for (int exponent = first - 1; exponent > first - kCandidates; --exponent) {
    const double error = histogram.RelativeError(std::ldexp(unit, exponent));
    if (error >= least) continue;
    best = exponent;
    least = error;
  }
  return best;
}

Result<Exponents> ChooseExponents(const Graph& graph, const std::vector<Tensor>& samples,
                                  Scales scales) {
  return Chooser(graph).Choose(samples, scales);
}

}  // namespace foothold::network
