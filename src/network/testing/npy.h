#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/testing/test_data.h"
#include "foothold/env.h"
#include "network/graph/tensor.h"

namespace foothold::network::testing {

/// The networks of the shared test data; empty where they are not there.
inline std::string NetworksFolder() {
  const std::string folder = foothold::testing::DataDirectory() + "/networks";
  return Env::Default()->FileExists(folder) ? folder : "";
}

/// A NumPy file of little-endian float32 in C order, which is what the test data has.
inline Tensor ReadNpy(const std::string& path) {
  const std::string bytes = Env::Default()->ReadFile(path).value();
  const std::size_t header =
      static_cast<unsigned char>(bytes[8]) | std::size_t{static_cast<unsigned char>(bytes[9])} << 8;
  const std::string text = bytes.substr(10, header);
  EXPECT_NE(text.find("'<f4'"), std::string::npos) << path;
  Shape shape;
  for (std::size_t at = text.find('(') + 1; text[at] != ')';) {
    if (text[at] == ',' || text[at] == ' ') {
      ++at;
      continue;
    }
    std::size_t used = 0;
    shape.push_back(std::stoll(text.substr(at), &used));
    at += used;
  }
  std::vector<float> values(static_cast<std::size_t>(Elements(shape)));
  std::memcpy(values.data(), bytes.data() + 10 + header, values.size() * sizeof(float));
  return Tensor(shape, std::move(values));
}

/// Row `index` of the first axis, as a batch of one.
inline Tensor Sample(const Tensor& all, std::int64_t index) {
  Shape shape = all.shape();
  shape[0] = 1;
  const auto size = static_cast<std::ptrdiff_t>(Elements(shape));
  const auto begin = all.floats().begin() + index * size;
  return Tensor(shape, std::vector<float>(begin, begin + size));
}

/// The index of the largest number.
inline std::size_t Argmax(const Tensor& tensor) {
  return static_cast<std::size_t>(std::max_element(tensor.floats().begin(), tensor.floats().end()) -
                                  tensor.floats().begin());
}

}  // namespace foothold::network::testing
