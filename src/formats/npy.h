#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"

namespace foothold::formats {

/// An array from a NumPy file, as floats, row-major.
struct NpyArray {
  std::vector<std::int64_t> shape;  ///< each >= 0; empty for one number
  std::vector<float> values;        ///< as many as the shape has positions
};

/// Parses a .npy file of version 1 to 3: float32, float64, int8, uint8 or int32, little-endian, in
/// C order. DataLoss when it is cut off or no such file, InvalidArgument when it has another type
/// or order; messages begin with `path`.
Result<NpyArray> ParseNpy(std::string_view bytes, std::string_view path);

/// The same array as a .npy file of version 1, float32. REQUIRES: as many values as the shape has
/// positions.
std::string FormatNpy(const NpyArray& array);

}  // namespace foothold::formats
