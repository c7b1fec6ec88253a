#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace foothold::opencl {

/// The elements of an argument, as T1 calls them and as OpenCL lays them out.
struct ScalarType {
  std::string_view name;  ///< "int32"
  std::size_t bytes = 0;
  bool is_floating = false;
};

/// Null when there is none.
const ScalarType* FindScalarType(std::string_view name);
/// "bool, int8, ...".
std::string ScalarTypeNames();

}  // namespace foothold::opencl
