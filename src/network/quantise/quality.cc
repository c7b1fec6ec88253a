#include <algorithm>
#include <cmath>

#include "network/execute/execute.h"
#include "network/quantise/quantise.h"

namespace foothold::network {
namespace {

/// Sums of squares, over all samples.
struct Energy {
  double signal = 0;
  double noise = 0;

  double ratio_db() const { return 10 * std::log10(signal / noise); }
};

void Add(const Tensor& reals, const Tensor& integers, double scale, Energy& energy) {
  for (std::int64_t i = 0; i < reals.size(); ++i) {
    const double real = reals.floats()[static_cast<std::size_t>(i)];
    const double difference = real - scale * static_cast<double>(integers.IntegerAt(i));
    energy.signal += real * real;
    energy.noise += difference * difference;
  }
}

std::ptrdiff_t LargestAt(const Tensor& tensor) {
  const std::vector<float>& all = tensor.floats();
  return std::max_element(all.begin(), all.end()) - all.begin();
}

}  // namespace

Quality Compare(const Graph& floats, const QuantisedNetwork& quantised,
                const std::vector<Tensor>& samples) {
  Quality quality;
  std::vector<Energy> energies(floats.nodes.size());
  for (const Tensor& sample : samples) {
    const Results expected = ExecuteAll(floats, {sample});
    const Results results = ExecuteAll(quantised.graph, {sample});
    for (std::size_t i = 0; i < floats.nodes.size(); ++i) {
      const ValueId output = floats.nodes[i].output;
      const ValueId integer = quantised.stands_for[Index(output)];
      if (integer == kNone) continue;
      const double scale = double{quantised.graph.at(integer).quantisation->scales[0]} *
                           quantised.units[Index(output)];
      Add(*expected[Index(output)], *results[Index(integer)], scale, energies[i]);
    }
    ++quality.samples;
    const Tensor& wanted = *expected[Index(floats.outputs[0])];
    const Tensor& got = *results[Index(quantised.graph.outputs[0])];
    if (LargestAt(wanted) == LargestAt(got)) ++quality.agree;
  }
  for (std::size_t i = 0; i < floats.nodes.size(); ++i) {
    const Node& node = floats.nodes[i];
    const bool is_layer = std::holds_alternative<Conv>(node.operation) ||
                          std::holds_alternative<Dense>(node.operation);
    if (is_layer && quantised.stands_for[Index(node.output)] != kNone) {
      quality.layers.push_back({node.name, energies[i].ratio_db()});
    }
  }
  return quality;
}

}  // namespace foothold::network
