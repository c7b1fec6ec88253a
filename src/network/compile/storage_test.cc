#include "network/compile/storage.h"

#include <gtest/gtest.h>

namespace foothold::network {
namespace {

std::vector<std::int8_t> Numbers(std::int64_t count) {
  std::vector<std::int8_t> numbers;
  for (std::int64_t i = 0; i < count; ++i) numbers.push_back(static_cast<std::int8_t>(i % 251));
  return numbers;
}

TEST(StorageTest, UnpackedIsWhatWasPacked) {
  for (const int log_batch : {0, 1}) {
    vta::Geometry geometry;
    geometry.log_batch = log_batch;
    for (const View& view : {View{1, 16, 4, 5}, View{3, 5, 2, 2}, View{2, 33, 1, 1}}) {
      const Storage storage = {0, view};
      const auto numbers = Numbers(view.batch * view.channels * view.height * view.width);
      const auto bytes = Packed(storage, geometry, numbers);
      EXPECT_EQ(static_cast<std::int64_t>(bytes.size()), storage.Bytes(geometry));
      EXPECT_EQ(Unpacked(storage, geometry, bytes), numbers);
    }
  }
}

TEST(StorageTest, FillsChannelsUpWithZeros) {
  const Storage storage = {0, {1, 3, 1, 2}};
  const auto bytes = Packed(storage, {}, std::vector<std::int8_t>{1, 2, 3, 4, 5, 6});
  ASSERT_EQ(bytes.size(), 32U);
  EXPECT_EQ(bytes[0], std::byte{1});
  EXPECT_EQ(bytes[1], std::byte{3});
  EXPECT_EQ(bytes[2], std::byte{5});
  EXPECT_EQ(bytes[3], std::byte{0});
  EXPECT_EQ(bytes[16], std::byte{2});
}

TEST(StorageTest, FoldsColumnsIntoLanes) {
  // Three columns of one channel, stride 2, a column of padding on the left.
  const Storage storage = {0, {1, 1, 1, 5}, Fold{{1, 1, 0, 1}, {3, 2, 1, 3}}, true};
  const auto bytes = Packed(storage, {}, std::vector<std::int8_t>{1, 2, 3, 4, 5});
  ASSERT_EQ(bytes.size(), 48U);
  const auto lanes = [&](std::size_t position) {
    std::vector<int> all;
    for (std::size_t lane = 0; lane < 4; ++lane) {
      all.push_back(static_cast<int>(bytes[position * 16 + lane]));
    }
    return all;
  };
  EXPECT_EQ(lanes(0), (std::vector<int>{0, 1, 2, 0}));
  EXPECT_EQ(lanes(1), (std::vector<int>{2, 3, 4, 0}));
  EXPECT_EQ(lanes(2), (std::vector<int>{4, 5, 0, 0}));
}

}  // namespace
}  // namespace foothold::network
