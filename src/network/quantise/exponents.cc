#include "network/quantise/exponents.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "network/execute/execute.h"

namespace foothold::network {
namespace {

constexpr double kMostInteger = 127;
/// The exponents that are tried: the smallest that holds all, and those below it.
constexpr int kCandidates = 4;
/// Of values that are always 0.
constexpr int kExponentOfNothing = -7;
/// Scales stay numbers that float32 has, whatever is in a file.
constexpr int kLeastExponent = -60;
constexpr int kMostExponent = 60;
/// A bias must leave room for the sums in 32 bits.
constexpr double kMostBias = 1 << 30;

/// The smallest exponent whose scale takes `largest` to at most 127.
int HoldingExponent(double largest) {
  if (!(largest > 0)) return kExponentOfNothing;
  const double exponent = std::ceil(std::log2(largest / kMostInteger));
  return static_cast<int>(std::clamp(exponent, double{kLeastExponent}, double{kMostExponent}));
}

double SquaredError(double real, int exponent) {
  const double scaled = std::ldexp(real, -exponent);
  const double integer = std::clamp(std::floor(scaled + 0.5), -kMostInteger - 1, kMostInteger);
  const double difference = real - std::ldexp(integer, exponent);
  return difference * difference;
}

/// What is known of values that share a scale.
struct Spread {
  double largest = 0;
  std::array<double, kCandidates> errors = {};  ///< [i] of the holding exponent - i

  int Best() const {
    const auto best = std::min_element(errors.begin(), errors.end()) - errors.begin();
    return std::max(HoldingExponent(largest) - static_cast<int>(best), kLeastExponent);
  }
  void AddError(double real) {
    const int holding = HoldingExponent(largest);
    for (int i = 0; i < kCandidates; ++i) {
      errors[static_cast<std::size_t>(i)] += SquaredError(real, holding - i);
    }
  }
};

/// Values that must have one scale, because what lies between them only moves elements.
class Groups {
 public:
  explicit Groups(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), 0);
  }
  std::size_t Of(std::size_t value) {
    while (parents_[value] != value) value = parents_[value] = parents_[parents_[value]];
    return value;
  }
  void Join(std::size_t a, std::size_t b) { parents_[Of(a)] = Of(b); }

 private:
  std::vector<std::size_t> parents_;
};

bool OnlyMoves(const Node& node) {
  return std::holds_alternative<MaxPool>(node.operation) ||
         std::holds_alternative<Reshape>(node.operation) ||
         std::holds_alternative<Transpose>(node.operation) ||
         std::holds_alternative<Concat>(node.operation) ||
         std::holds_alternative<Resize>(node.operation);
}

bool IsLayer(const Node& node) {
  return std::holds_alternative<Conv>(node.operation) ||
         std::holds_alternative<Dense>(node.operation);
}

/// The inputs that are activations: all but weights and biases.
std::vector<ValueId> Activations(const Node& node) {
  if (!IsLayer(node)) return node.inputs;
  std::vector<ValueId> activations = {node.inputs[0]};
  if (node.inputs.size() > 3) activations.push_back(node.inputs[3]);
  return activations;
}

class Chooser {
 public:
  explicit Chooser(const Graph& graph) : graph_(graph), groups_(graph.values.size()) {
    chosen_.of_value.resize(graph.values.size(), 0);
    chosen_.is_integer.resize(graph.values.size(), false);
    chosen_.of_weight.resize(graph.nodes.size(), 0);
    for (const Node& node : graph.nodes) {
      if (!RunsOnIntegers(graph, node)) continue;
      for (const ValueId input : Activations(node)) chosen_.is_integer[Index(input)] = true;
      chosen_.is_integer[Index(node.output)] = true;
      if (!OnlyMoves(node)) continue;
      for (const ValueId input : node.inputs) groups_.Join(Index(input), Index(node.output));
    }
  }

  Result<Exponents> Choose(const std::vector<Tensor>& samples) {
    std::vector<Spread> spreads(graph_.values.size());
    if (samples.empty()) {
      FOOTHOLD_RETURN_IF_ERROR(SpreadFromClamps(spreads));
    } else {
      SpreadFromSamples(samples, spreads);
    }
    std::vector<int> of_group(graph_.values.size(), 0);
    for (std::size_t i = 0; i < spreads.size(); ++i) of_group[i] = spreads[i].Best();
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (IsLayer(graph_.nodes[i]) && RunsOnIntegers(graph_, graph_.nodes[i])) {
        chosen_.of_weight[i] = WeightExponent(graph_.Input(graph_.nodes[i], 1)->constant->floats());
      }
    }
    while (RaiseExponents(of_group)) {
    }
    for (std::size_t i = 0; i < graph_.values.size(); ++i) {
      chosen_.of_value[i] = of_group[groups_.Of(i)];
    }
    return std::move(chosen_);
  }

 private:
  void SpreadFromSamples(const std::vector<Tensor>& samples, std::vector<Spread>& spreads) {
    // First how far the numbers go, then what each candidate loses.
    for (const bool is_first : {true, false}) {
      for (const Tensor& sample : samples) {
        const Results results = ExecuteAll(graph_, {sample});
        for (std::size_t i = 0; i < results.size(); ++i) {
          if (!chosen_.is_integer[i] || !results[i]) continue;
          Spread& spread = spreads[groups_.Of(i)];
          for (const float real : results[i]->floats()) {
            if (is_first) spread.largest = std::max(spread.largest, std::fabs(double{real}));
            if (!is_first) spread.AddError(real);
          }
        }
      }
    }
  }

  Status SpreadFromClamps(std::vector<Spread>& spreads) {
    std::vector<bool> is_known(graph_.values.size(), false);
    const auto know = [&](ValueId value, const Clamp& clamp) {
      const double largest = std::max(std::fabs(clamp.low), std::fabs(clamp.high));
      if (!std::isfinite(largest)) return;
      const std::size_t group = groups_.Of(Index(value));
      is_known[group] = true;
      spreads[group].largest = std::max(spreads[group].largest, largest);
    };
    for (const Node& node : graph_.nodes) {
      if (const auto* conv = std::get_if<Conv>(&node.operation)) know(node.output, conv->clamp);
      if (const auto* dense = std::get_if<Dense>(&node.operation)) know(node.output, dense->clamp);
      if (const auto* clip = std::get_if<Clip>(&node.operation)) know(node.output, clip->clamp);
      if (const auto* both = std::get_if<Binary>(&node.operation)) know(node.output, both->clamp);
    }
    // What is beyond the clamp of the only node that uses a value does not matter.
    const auto sole_users = SoleUsers(graph_);
    for (std::size_t i = 0; i < graph_.values.size(); ++i) {
      if (sole_users[i] < 0 || is_known[groups_.Of(i)]) continue;
      const Node& user = graph_.nodes[static_cast<std::size_t>(sole_users[i])];
      if (const auto* clip = std::get_if<Clip>(&user.operation)) {
        know(static_cast<ValueId>(i), clip->clamp);
      }
    }
    for (std::size_t i = 0; i < graph_.values.size(); ++i) {
      if (!chosen_.is_integer[i] || is_known[groups_.Of(i)]) continue;
      return Status::InvalidArgument(
          fmt::format("nothing says how large the numbers of '{}' are: give samples to calibrate "
                      "with",
                      graph_.values[i].name));
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

int WeightExponent(std::span<const float> weights) {
  Spread spread;
  for (const float one : weights) spread.largest = std::max(spread.largest, std::fabs(double{one}));
  for (const float one : weights) spread.AddError(one);
  return spread.Best();
}

Result<Exponents> ChooseExponents(const Graph& graph, const std::vector<Tensor>& samples) {
  return Chooser(graph).Choose(samples);
}

}  // namespace foothold::network
