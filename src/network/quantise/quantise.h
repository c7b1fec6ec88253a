#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "network/graph/graph.h"

// From a network of floats to one that VTA can compute: int8 values, int32 sums, and shifts.
namespace foothold::network {

/// Which scales int8 values may have.
enum class Scales : std::uint8_t {
  kPowerOfTwo,  ///< two to a whole power
  /// Any, where what a layer multiplies and adds up stays a power of two of its output's: the
  /// scale of its weights takes up the rest.
  kRatio,
};
/// "power-of-two", "ratio".
std::string_view ToString(Scales scales);

struct QuantiseOptions {
  Scales scales = Scales::kPowerOfTwo;
};

/// A network over int8, and which of its values stand for those of the float network.
struct QuantisedNetwork {
  Graph graph;
  /// Of each value of the float graph: the value of `graph` that stands for it, or kNone.
  std::vector<ValueId> stands_for;
  /// Of each value of the float graph: what its integers are measured in. The scales of `graph` are
  /// powers of two in these units; only where real numbers become integers and back, the unit is
  /// in the scale too. 1 for power-of-two scales.
  std::vector<float> units;
};

/// Quantises a simplified float network (docs/concepts/network.md#integers-with-shifts-alone):
/// every scale is a power of two in its value's unit, zero points are 0, and integers are rounded
/// half up, so that each layer is `(sum + bias + 2^(shift - 1)) >> shift`, clamped. What shifts
/// cannot compute stays float, between Dequantize and Quantize. `samples` are inputs of the network
/// to choose scales with; without them the network's clamps are what is known.
///
/// InvalidArgument when a value has neither, or when the network does not have one float input.
Result<QuantisedNetwork> QuantiseForShifts(const Graph& graph, const std::vector<Tensor>& samples,
                                           const QuantiseOptions& options = {});

/// How well a quantised network stands for the float one, over some samples.
struct Quality {
  struct Layer {
    std::string node;
    /// The energy of the real numbers over that of their error, in decibels; infinite when there is
    /// no error.
    double signal_to_noise_db = 0;
  };
  std::vector<Layer> layers;  ///< convolutions and dense layers, in network order
  std::int64_t samples = 0;
  std::int64_t agree = 0;  ///< samples whose largest output is at the same place
};
Quality Compare(const Graph& floats, const QuantisedNetwork& quantised,
                const std::vector<Tensor>& samples);

}  // namespace foothold::network
