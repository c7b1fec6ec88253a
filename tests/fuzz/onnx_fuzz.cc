// Any bytes as an ONNX file: there is a model whose tensors lie within what was read, and a network
// with shapes, or one line that says why not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "formats/onnx/model.h"
#include "network/import/import.h"
#include "network/passes/passes.h"

namespace {

using foothold::Result;
using foothold::Status;
namespace onnx = foothold::onnx;

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckTensor(const onnx::Tensor& tensor) {
  const auto width = static_cast<std::size_t>(onnx::BytesPerElement(tensor.type));
  Require(tensor.bytes.size() == static_cast<std::size_t>(tensor.elements) * width);
  // Reads every byte, so that the sanitizer sees a view that leads out.
  unsigned sum = 0;
  for (const char c : tensor.bytes) sum += static_cast<unsigned char>(c);
  Require(sum <= 255 * tensor.bytes.size());
}

void RequireOneLine(const Status& status) {
  Require(!status.message().empty());
  Require(status.message().find('\n') == std::string::npos);
}

/// Each node's values exist, and each value is made before it is used.
void CheckOrder(const foothold::network::Graph& graph) {
  std::vector<bool> is_made(graph.values.size(), false);
  for (std::size_t i = 0; i < graph.values.size(); ++i) {
    is_made[i] = graph.values[i].constant.has_value();
  }
  for (const auto input : graph.inputs) is_made.at(static_cast<std::size_t>(input)) = true;
  for (const auto& node : graph.nodes) {
    for (const auto input : node.inputs) {
      Require(input == foothold::network::kNone || is_made.at(static_cast<std::size_t>(input)));
    }
    is_made.at(static_cast<std::size_t>(node.output)) = true;
  }
  for (const auto output : graph.outputs) Require(is_made.at(static_cast<std::size_t>(output)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::make_shared<const std::string>(reinterpret_cast<const char*>(data), size);
  const auto external = std::make_shared<const std::string>("sixteen bytes ...");
  const auto model = onnx::ParseModel(
      bytes, "fuzz",
      [&](const std::string&) -> Result<std::shared_ptr<const std::string>> { return external; });
  if (!model.ok()) {
    RequireOneLine(model.status());
    return 0;
  }
  for (const onnx::Tensor& tensor : model->graph.initializers) CheckTensor(tensor);
  for (const onnx::Node& node : model->graph.nodes) {
    for (const onnx::Attribute& attribute : node.attributes) {
      if (attribute.tensor) CheckTensor(*attribute.tensor);
    }
  }
  auto graph = foothold::network::Import(*model);
  if (!graph.ok()) {
    RequireOneLine(graph.status());
    return 0;
  }
  CheckOrder(*graph);
  foothold::network::Simplify(*graph);
  foothold::network::FuseQuantised(*graph);
  foothold::network::RemoveUnused(*graph);
  CheckOrder(*graph);
  return 0;
}
