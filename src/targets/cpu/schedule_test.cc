#include "targets/cpu/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "foothold/workload.h"
#include "targets/cpu/nest.h"

namespace foothold::cpu {
namespace {

Nest NestFor(const char* text) { return NestOf(ParseInlineWorkload(text).value()).value(); }

const std::vector<std::int64_t>& ValuesOf(const Space& space, const std::string& name) {
  const auto found = std::find_if(space.parameters().begin(), space.parameters().end(),
                                  [&](const Parameter& one) { return one.name == name; });
  EXPECT_NE(found, space.parameters().end()) << name;
  return found->values;
}

TEST(Nest, ADenseLayerIsAConvolutionOfOnePixelPerRow) {
  const Nest nest = NestFor("dense:5x7,9,float32");
  EXPECT_TRUE(nest.is_dense);
  EXPECT_EQ(nest.out_h, 5);
  EXPECT_EQ(nest.out_w, 1);
  EXPECT_EQ(nest.channels, 7);
  EXPECT_EQ(nest.reduction(), 7);
  EXPECT_EQ(nest.out_channels, 9);
}

TEST(Schedule, PaddedConvolutionsAreNeverReadInPlace) {
  const Space padded = *MakeSpace(NestFor("conv2d:1x16x8x8,16,3x3,pad=1,float32"), {});
  EXPECT_EQ(ValuesOf(padded, "pack_input"), (std::vector<std::int64_t>{1, 2}));
  const Space plain = *MakeSpace(NestFor("conv2d:1x16x8x8,16,3x3,float32"), {});
  EXPECT_EQ(ValuesOf(plain, "pack_input"), (std::vector<std::int64_t>{0, 1}));
}

TEST(Schedule, ThreadsAreAParameterOnlyIfThereAreSeveral) {
  const Nest nest = NestFor("dense:64x64,64,float32");
  const Space one = *MakeSpace(nest, {});
  EXPECT_NE(one.parameters().back().name, "threads");
  EXPECT_EQ(ScheduleOf(nest, one, one.Unrank(0)).threads, 1);
  SpaceOptions options;
  options.max_threads = 6;
  EXPECT_EQ(ValuesOf(*MakeSpace(nest, options), "threads"),
            (std::vector<std::int64_t>{1, 2, 4, 6}));
}

TEST(Schedule, TheSmallestWorkloadsHaveSpaces) {
  for (const char* text : {"dense:1x1,1,float32", "conv2d:1x1x1x1,1,1x1,float32",
                           "conv2d:1x3x5x4,2,5x4,float32", "dense:600x1,3,float32"}) {
    const auto space = MakeSpace(NestFor(text), {.vectors = {4, 8, 16}});
    ASSERT_TRUE(space.ok()) << text << ": " << space.status().message();
    EXPECT_GT(space->valid_count(), 0U) << text;
    for (const Parameter& parameter : space->parameters()) {
      const std::set<std::int64_t> distinct(parameter.values.begin(), parameter.values.end());
      EXPECT_EQ(distinct.size(), parameter.values.size()) << text << " " << parameter.name;
      EXPECT_TRUE(std::is_sorted(parameter.values.begin(), parameter.values.end()))
          << text << " " << parameter.name;
    }
  }
}

TEST(Schedule, EveryValidConfigKeepsTheConstraints) {
  const Nest nest = NestFor("conv2d:1x24x12x12,24,3x3,pad=1,float32");
  const Space space = *MakeSpace(nest, {.vectors = {4, 8}});
  Rng rng(1);
  for (int i = 0; i < 1000; ++i) {
    const Schedule schedule = ScheduleOf(nest, space, space.Sample(rng));
    EXPECT_LE(schedule.accumulators(), 32);
    EXPECT_LE(schedule.block_h, schedule.tile_h);
    if (!schedule.pack_weights) {
      EXPECT_EQ(24 % schedule.panel(), 0);
    }
  }
}

}  // namespace
}  // namespace foothold::cpu
