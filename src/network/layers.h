#pragma once

#include <string>
#include <vector>

#include "foothold/workload.h"
#include "network/graph/graph.h"

namespace foothold::network {

/// A convolution or a dense layer that several places of a network may have.
struct TunableLayer {
  Workload workload;               ///< named "NETWORK.C1", "NETWORK.D1", ... in network order
  std::vector<std::size_t> nodes;  ///< the indices of the nodes that are it; never empty

  /// How often the network runs it.
  std::int64_t count() const { return static_cast<std::int64_t>(nodes.size()); }
};

/// A convolution or a dense layer that is no workload, and why.
struct OtherLayer {
  std::size_t node;
  std::string reason;  ///< "group is 64, must be 1"
};

struct Layers {
  std::vector<TunableLayer> tunable;  ///< which differ, in network order
  std::vector<OtherLayer> other;      ///< in network order
};

/// What sizes must be a multiple of on a target: layers are padded to it. 1: nothing is.
struct Blocks {
  std::int64_t batch = 1;
  std::int64_t channels = 1;  ///< input and output channels, or features
};

/// The layers of a network in which the time goes, as int8 workloads. A convolution whose padding
/// differs between its sides is the one without padding over the padded input. `network` is the
/// first part of the names.
Layers FindLayers(const Graph& graph, const std::string& network, const Blocks& blocks = {});

/// The first part of the names of an ONNX file's layers: "mnist_cnn" of "models/mnist_cnn.onnx".
std::string NetworkName(const std::string& path);

}  // namespace foothold::network
