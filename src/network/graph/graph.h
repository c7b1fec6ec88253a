#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "network/graph/operation.h"
#include "network/graph/tensor.h"

namespace foothold::network {

/// The position of a value in Graph::values.
using ValueId = std::int32_t;
/// In the place of an input that is left out.
inline constexpr ValueId kNone = -1;

/// Where a real number half way between two integers goes.
enum class Rounding : std::uint8_t {
  kHalfEven,  ///< as ONNX has it
  kHalfUp,    ///< as an added half and an arithmetic shift right have it: VTA's
};

/// How the integers of a value stand for real numbers: real = scale * (integer - zero_point).
struct Quantisation {
  std::vector<float> scales;              ///< one, or one for each index of `axis`; > 0
  std::vector<std::int32_t> zero_points;  ///< as many
  std::int64_t axis = 0;
  Rounding rounding = Rounding::kHalfEven;  ///< of the node that makes the value

  bool is_per_axis() const { return scales.size() > 1; }
  friend bool operator==(const Quantisation&, const Quantisation&) = default;
};

/// What flows along the graph: an input, a constant, or the result of one node.
struct Value {
  std::string name;
  DataType type = DataType::kFloat;
  Shape shape;
  std::optional<Tensor> constant = {};
  /// Of integers whose meaning the graph knows without a Dequantize node (FuseQuantised).
  std::optional<Quantisation> quantisation = {};
};

struct Node {
  std::string name;
  Operation operation;
  std::vector<ValueId> inputs;  ///< kNone where an optional one is left out
  ValueId output = kNone;
};

/// A network with static shapes. Plain data: whoever changes it keeps its promises.
/// - Each value is the output of at most one node, and of none if it is an input or a constant.
/// - Nodes stand in an order in which each comes after those that it needs.
/// - Each value has fewer than 2^31 elements.
struct Graph {
  std::string name;
  std::deque<Value> values;  ///< references stay valid while values are added
  std::vector<Node> nodes;
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;

  Value& at(ValueId id) { return values.at(static_cast<std::size_t>(id)); }
  const Value& at(ValueId id) const { return values.at(static_cast<std::size_t>(id)); }
  ValueId Add(Value value);
  /// The input of this index; nullptr if there is none.
  const Value* Input(const Node& node, std::size_t index) const;
};

/// The index in Graph::nodes of the node that makes each value; -1 for inputs and constants.
std::vector<std::int32_t> Makers(const Graph& graph);
/// How often each value is used: as an input of nodes, and as an output of the graph.
std::vector<std::int32_t> UseCounts(const Graph& graph);

/// The index of the node that alone uses each value, and once; -1 where there is no such node.
std::vector<std::int32_t> SoleUsers(const Graph& graph);

/// Multiply-accumulates of a convolution or a dense layer, padding included; 0 of other nodes.
std::int64_t MacCount(const Graph& graph, const Node& node);
/// Elements of the constant weights and biases of a convolution, a dense layer or a batch norm,
/// those behind a Dequantize included; 0 of other nodes.
std::int64_t ParameterCount(const Graph& graph, const std::vector<std::int32_t>& makers,
                            const Node& node);

}  // namespace foothold::network
