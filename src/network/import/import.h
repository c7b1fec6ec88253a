#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "formats/onnx/model.h"
#include "network/graph/graph.h"

namespace foothold::network {

struct ImportOptions {
  /// The shapes of inputs, by name, for those whose sizes the file leaves open. Without one, an
  /// open first size is 1, which is the batch.
  std::map<std::string, Shape> input_shapes;
};

/// The network that an ONNX model is: each operator with its meaning in the operator set that the
/// model names, and the shape of every value. Operators of the QOperator form become Dequantize,
/// the operator, Quantize, which is how ONNX defines them.
///
/// InvalidArgument in one line that names the file, the node, its operator, the attribute or input,
/// and what would be right.
Result<Graph> Import(const onnx::Model& model, const ImportOptions& options = {});

/// The operators that Import knows, in alphabetical order; those of other domains with the domain
/// before a dot.
std::vector<std::string_view> KnownOperators();

}  // namespace foothold::network
