// Any bytes as an ONNX file: there is a model whose tensors lie within what was read, or one line
// that says why not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "formats/onnx/model.h"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::make_shared<const std::string>(reinterpret_cast<const char*>(data), size);
  const auto external = std::make_shared<const std::string>("sixteen bytes ...");
  const auto model = onnx::ParseModel(
      bytes, "fuzz",
      [&](const std::string&) -> Result<std::shared_ptr<const std::string>> { return external; });
  if (!model.ok()) {
    Require(!model.status().message().empty());
    Require(model.status().message().find('\n') == std::string::npos);
    return 0;
  }
  for (const onnx::Tensor& tensor : model->graph.initializers) CheckTensor(tensor);
  for (const onnx::Node& node : model->graph.nodes) {
    for (const onnx::Attribute& attribute : node.attributes) {
      if (attribute.tensor) CheckTensor(*attribute.tensor);
    }
  }
  return 0;
}
