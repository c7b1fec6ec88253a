#include "targets/opencl/scalar_type.h"

#include <algorithm>
#include <iterator>

namespace foothold::opencl {
namespace {

constexpr ScalarType kTypes[] = {
    {"bool", 1, false},   {"int8", 1, false},  {"uint8", 1, false},  {"int16", 2, false},
    {"uint16", 2, false}, {"int32", 4, false}, {"uint32", 4, false}, {"int64", 8, false},
    {"uint64", 8, false}, {"float", 4, true},  {"double", 8, true},
};

}  // namespace

const ScalarType* FindScalarType(std::string_view name) {
  const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const ScalarType& type) { return type.name == name; });
  return found == std::end(kTypes) ? nullptr : found;
}

std::string ScalarTypeNames() {
  std::string names;
  for (const ScalarType& type : kTypes) {
    if (!names.empty()) names += ", ";
    names += type.name;
  }
  return names;
}

}  // namespace foothold::opencl
