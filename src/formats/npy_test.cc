#include "formats/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace foothold::formats {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string File(const std::string& header, const std::string& data, char version = 1) {
  std::string bytes = std::string("\x93NUMPY") + version + '\0';
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + header + data;
}

constexpr const char* kBytes = "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }\n";

TEST(ParseNpy, ReadsNumbersOfSeveralTypes) {
  const auto bytes = ParseNpy(File(kBytes, "\x01\x02\x03\x04\x05\xff"), "a.npy").value();
  EXPECT_THAT(bytes.shape, ElementsAre(2, 3));
  EXPECT_THAT(bytes.values, ElementsAre(1, 2, 3, 4, 5, -1));
  const auto one = ParseNpy(File("{'descr': '<f8', 'fortran_order': False, 'shape': (), }",
                                 std::string("\0\0\0\0\0\0\xf8\x3f", 8), 2),
                            "a.npy")
                       .value();
  EXPECT_TRUE(one.shape.empty());
  EXPECT_THAT(one.values, ElementsAre(1.5));
}

TEST(FormatNpy, IsReadBack) {
  for (const NpyArray& array : {NpyArray{{2, 3}, {1, 2, 3, 4, 5, -0.5F}}, NpyArray{{1}, {7}},
                                NpyArray{{}, {1e-30F}}, NpyArray{{0, 4}, {}}}) {
    const std::string bytes = FormatNpy(array);
    const NpyArray read = ParseNpy(bytes, "a.npy").value();
    EXPECT_EQ(read.shape, array.shape);
    EXPECT_EQ(read.values, array.values);
    EXPECT_EQ((bytes.size() - array.values.size() * 4) % 64, 0U);
  }
}

std::string ErrorOf(const std::string& bytes) {
  return ParseNpy(bytes, "a.npy").status().message();
}

TEST(ParseNpy, SaysWhatIsWrong) {
  EXPECT_EQ(ErrorOf(File(kBytes, "\x01\x02")),
            "a.npy: holds 2 bytes of data, must hold 6 for 6 elements of |i1");
  EXPECT_EQ(ErrorOf("PNG"), "a.npy: must be a .npy file; it is cut off or another kind of file");
  EXPECT_THAT(ErrorOf(File("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "1234")),
              HasSubstr("descr: is '>f4', must be float32"));
  EXPECT_THAT(ErrorOf(File("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "1234")),
              HasSubstr("fortran_order: must be False"));
  EXPECT_THAT(ErrorOf(File("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "")),
              HasSubstr("without descr or shape"));
  const std::string good = File(kBytes, "\x01\x02\x03\x04\x05\xff");
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(ParseNpy(good.substr(0, length), "a.npy").ok()) << length;
  }
}

}  // namespace
}  // namespace foothold::formats
