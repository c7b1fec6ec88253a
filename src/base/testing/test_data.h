#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace foothold::testing {

/// Where the data lies that some tests need and that is no part of the project; it need not be
/// there.
inline std::string DataDirectory() {
  const char* named = std::getenv("FOOTHOLD_DATA");
  return named != nullptr ? named : FOOTHOLD_SOURCE_DIR "/../shared/data";
}

/// The content of a file of the project, named from its root; empty when it is not there.
inline std::string ProjectFile(const std::string& path) {
  std::ifstream file(FOOTHOLD_SOURCE_DIR "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace foothold::testing
