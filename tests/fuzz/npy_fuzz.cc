// Any bytes as a .npy file: an array with as many values as its shape has positions, or one line
// that says why not.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "formats/npy.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto array = foothold::formats::ParseNpy(bytes, "fuzz");
  if (!array.ok()) {
    Require(!array.status().message().empty());
    Require(array.status().message().find('\n') == std::string::npos);
    return 0;
  }
  std::size_t positions = 1;
  for (const std::int64_t length : array->shape) {
    Require(length >= 0);
    positions *= static_cast<std::size_t>(length);
  }
  Require(positions == array->values.size() && positions <= size);
  return 0;
}
