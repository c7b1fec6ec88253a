#pragma once

#include <cstdint>
#include <string>

#include "network/compile/compile.h"

namespace foothold::network {

/// What the C files of a network are called, and what they say of themselves.
struct SourceNames {
  std::string name;    ///< a C identifier: "mnist_cnn"
  std::string macro;   ///< the same in capitals
  std::string model;   ///< the file that it was made from: "mnist_cnn.onnx"
  std::string target;  ///< "vta:pynq"
};
/// Names for a model file. Other characters than C's become underscores.
SourceNames NamesOf(const std::string& model_path, const std::string& target);

/// The C header and source of a network.
struct NetworkSource {
  std::string header;
  std::string source;
  std::int64_t arena_floats = 0;
  std::uint64_t device_bytes = 0;  ///< instructions included
};
/// REQUIRES: one input and one output, both float32.
NetworkSource MakeNetworkSource(const CompiledNetwork& compiled, const SourceNames& names);

}  // namespace foothold::network
