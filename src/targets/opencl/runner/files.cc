#include "targets/opencl/runner/files.h"

#include <fstream>
#include <iterator>

#include "targets/opencl/runner/failure.h"

namespace foothold::opencl_runner {

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string data((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) throw Unavailable{path + ": cannot be read"};
  return data;
}

void WriteWhole(const std::string& path, std::string_view data) {
  std::ofstream file(path, std::ios::binary);
  file.write(data.data(), static_cast<std::streamsize>(data.size()));
  file.close();
  if (!file) throw Unavailable{path + ": cannot be written"};
}

}  // namespace foothold::opencl_runner
