#include "targets/vta/compiler/copy_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "foothold/rng.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

DmaShape Matched(const std::vector<CopyLoop>& loops, int element_dims = 1) {
  auto match = MatchCopy(loops, element_dims, "input");
  EXPECT_TRUE(std::holds_alternative<DmaShape>(match)) << std::get<Rejection>(match).reason;
  return std::holds_alternative<DmaShape>(match) ? std::get<DmaShape>(match) : DmaShape{};
}

std::string Refused(const std::vector<CopyLoop>& loops, int element_dims = 1) {
  auto match = MatchCopy(loops, element_dims, "input");
  EXPECT_TRUE(std::holds_alternative<Rejection>(match));
  if (!std::holds_alternative<Rejection>(match)) return "";
  EXPECT_EQ(std::get<Rejection>(match).stage, "lower.dma");
  return std::get<Rejection>(match).reason;
}

TEST(CopyPatternTest, OneElement) {
  const DmaShape shape = Matched({{1, 49}, {1, 7}, {1, 1}});
  EXPECT_EQ(shape.y_size, 1);
  EXPECT_EQ(shape.x_size, 1);
}

TEST(CopyPatternTest, ContiguousLoopsMergeIntoOneRow) {
  const DmaShape shape = Matched({{4, 49}, {7, 7}, {7, 1}});
  EXPECT_EQ(shape.y_size, 1);
  EXPECT_EQ(shape.x_size, 4 * 49);
}

TEST(CopyPatternTest, RowsOfATile) {
  const DmaShape shape = Matched({{1, 196}, {3, 14}, {5, 1}});
  EXPECT_EQ(shape.y_size, 3);
  EXPECT_EQ(shape.x_size, 5);
  EXPECT_EQ(shape.x_stride, 14);
}

TEST(CopyPatternTest, ThreeDimensionsAreTooMany) {
  EXPECT_THAT(Refused({{2, 196}, {3, 14}, {5, 1}}), HasSubstr("not a 2-D transfer"));
}

TEST(CopyPatternTest, AColumnOfATileTakesAUnitRow) {
  const DmaShape shape = Matched({{1, 196}, {3, 14}, {1, 1}});
  EXPECT_EQ(shape.y_size, 3);
  EXPECT_EQ(shape.x_size, 1);
  EXPECT_EQ(shape.x_stride, 14);
}

// A column of a whole image chains through the channels: stride 7 all the way. A list of cases
// misses it.
TEST(CopyPatternTest, AColumnOfTheWholeImageChainsThroughChannels) {
  const DmaShape shape = Matched({{4, 49}, {7, 7}, {1, 1}});
  EXPECT_EQ(shape.y_size, 28);
  EXPECT_EQ(shape.x_size, 1);
  EXPECT_EQ(shape.x_stride, 7);
}

TEST(CopyPatternTest, PaddingAppliesToRowsAndColumns) {
  const DmaShape shape = Matched({{1, 196}, {3, 14, ImageAxis::kRow}, {5, 1, ImageAxis::kColumn}});
  EXPECT_EQ(shape.y_axis, ImageAxis::kRow);
  EXPECT_EQ(shape.x_axis, ImageAxis::kColumn);
  EXPECT_EQ(shape.x_stride, 14);
}

TEST(CopyPatternTest, PaddingUnderAChannelLoopIsRefused) {
  const std::vector<CopyLoop> loops = {
      {2, 196}, {3, 14, ImageAxis::kRow}, {5, 1, ImageAxis::kColumn}};
  EXPECT_THAT(Refused(loops), HasSubstr("padding falls on an inner loop"));
  EXPECT_THAT(Refused(loops, 2), HasSubstr("not a 2-D transfer"));
}

TEST(CopyPatternTest, PaddedColumnsUnderAChannelLoopAreATransferOfChannels) {
  const DmaShape shape = Matched({{2, 196}, {1, 14}, {5, 1, ImageAxis::kColumn}});
  EXPECT_EQ(shape.y_size, 2);
  EXPECT_EQ(shape.x_stride, 196);
  EXPECT_EQ(shape.y_axis, ImageAxis::kNone);
  EXPECT_EQ(shape.x_axis, ImageAxis::kColumn);
}

TEST(CopyPatternTest, ASinglePaddedRowCannotBePadded) {
  EXPECT_THAT(Refused({{1, 49}, {1, 7, ImageAxis::kRow}, {13, 1, ImageAxis::kColumn}}),
              HasSubstr("one padded row"));
}

TEST(CopyPatternTest, PaddedNestsNeedTwoLoops) {
  EXPECT_THAT(Refused({{1, 49}, {7, 7, ImageAxis::kRow}, {1, 1}}), HasSubstr("has 2 loops"));
}

/// Whatever the rule accepts must read exactly the nest's elements, in the nest's order.
TEST(CopyPatternTest, AcceptedTransfersEnumerateTheNest) {
  const std::uint64_t seed = 20261120;
  Rng rng(seed);
  int accepted = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    const auto pick = [&](std::int64_t n) {
      return 1 + static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(n)));
    };
    const std::int64_t width = pick(4), height = pick(4);
    const std::vector<CopyLoop> loops = {
        {pick(3), width * height}, {pick(height), width}, {pick(width), 1}};
    auto match = MatchCopy(loops, 1, "input");
    if (!std::holds_alternative<DmaShape>(match)) continue;
    ++accepted;
    const DmaShape& shape = std::get<DmaShape>(match);
    std::vector<std::int64_t> wanted, read;
    for (std::int64_t k = 0; k < loops[0].extent; ++k)
      for (std::int64_t i = 0; i < loops[1].extent; ++i)
        for (std::int64_t j = 0; j < loops[2].extent; ++j)
          wanted.push_back(k * loops[0].stride + i * loops[1].stride + j);
    for (std::int64_t y = 0; y < shape.y_size; ++y)
      for (std::int64_t x = 0; x < shape.x_size; ++x) read.push_back(y * shape.x_stride + x);
    ASSERT_EQ(read, wanted) << "seed " << seed << " trial " << trial;
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace foothold::vta
