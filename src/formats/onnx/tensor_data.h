#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/onnx/model.h"

namespace foothold::onnx {

/// The fields of a TensorProto that say what its elements are. A file uses one of them.
struct TensorFields {
  std::optional<std::string_view> raw;  ///< raw_data
  std::string_view packed;              ///< float_data, double_data in one piece
  std::string unpacked;                 ///< the same, in several pieces
  std::vector<std::int64_t> integers;   ///< int32_data, int64_data, uint64_data
  bool is_external = false;             ///< data_location
  std::string_view location;            ///< of the external data, as the next two
  std::string_view offset;
  std::string_view length;
};

/// The product of `dims`; nullopt when one is negative, or when it is over 2^40.
std::optional<std::int64_t> CountElements(const std::vector<std::int64_t>& dims);

/// Sets tensor.bytes from what is not external; `storage` gets what had to be written again. The
/// message is what is wrong, without the tensor's name.
Status SetBytes(const TensorFields& fields, Tensor& tensor,
                std::vector<std::shared_ptr<const std::string>>& storage);

/// Sets tensor.bytes from the file that holds it.
Status SetExternalBytes(const TensorFields& fields, std::string_view file, Tensor& tensor);

/// Why no external data may be read from there; ok for a path inside of the model's folder.
Status CheckLocation(std::string_view location);

}  // namespace foothold::onnx
