#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/env.h"
#include "targets/cpu/analysis.h"
#include "targets/cpu/kernel_source.h"
#include "targets/cpu/program_source.h"
#include "targets/cpu/verify.h"

namespace foothold::cpu {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Schedule Blocks(std::int64_t h, std::int64_t w, std::int64_t o, std::int64_t tile_h) {
  Schedule schedule;
  schedule.block_h = h;
  schedule.block_w = w;
  schedule.block_o = o;
  schedule.tile_h = tile_h;
  return schedule;
}

Nest NestOfLayer(const char* text) { return NestOf(ParseInlineWorkload(text).value()).value(); }

TEST(KernelSource, HasABlockForEveryRemainder) {
  // Rows: tiles of 5 in blocks of 2 leave 1; columns: 10 in blocks of 4 leave 2.
  const std::string source =
      KernelSource(NestOfLayer("conv2d:1x4x10x10,8,1x1,float32"), Blocks(2, 4, 1, 5));
  for (const char* name : {"block_2x4(", "block_2x2(", "block_1x4(", "block_1x2("}) {
    EXPECT_THAT(source, HasSubstr(std::string("static void ") + name));
  }
  EXPECT_THAT(source, Not(HasSubstr("block_1x1(")));
}

TEST(KernelSource, FencesStandWhereTheScheduleSays) {
  Schedule schedule = Blocks(1, 2, 1, 1);
  const Nest nest = NestOfLayer("conv2d:1x4x2x2,8,1x1,float32");
  EXPECT_THAT(KernelSource(nest, schedule), Not(HasSubstr("FENCE()")));
  schedule.fence = Fence::kStep;
  EXPECT_THAT(KernelSource(nest, schedule), HasSubstr("w += W_STEP;\n    FENCE();"));
  schedule.fence = Fence::kPixel;
  EXPECT_THAT(KernelSource(nest, schedule), HasSubstr("s0_0 += b * w0; FENCE();"));
}

TEST(ProgramSource, IsAFunctionOfItsArguments) {
  const Nest nest = NestOfLayer("conv2d:1x4x10x10,8,3x3,pad=1,float32");
  const Schedule schedule = Blocks(2, 4, 1, 5);
  EXPECT_EQ(ProgramSource(nest, schedule, Weights::kConstant),
            ProgramSource(nest, schedule, Weights::kConstant));
  EXPECT_THAT(OperatorSource(nest, schedule, Weights::kFresh), HasSubstr("WEIGHTS_ARE_FRESH = 1"));
  EXPECT_THAT(OperatorSource(nest, schedule, Weights::kConstant), Not(HasSubstr("main(")));
}

TEST(Analysis, CountsWhatABlockHolds) {
  const Nest nest = NestOfLayer("conv2d:1x16x10x10,30,3x3,pad=1,float32");
  Schedule schedule = Blocks(1, 5, 2, 2);
  schedule.tile_c = 8;
  const Metrics metrics = AnalyseSchedule(nest, schedule);
  EXPECT_EQ(metrics.at("vector_registers"), 5 * 2 + 2 + 1);
  EXPECT_EQ(metrics.at("input_tile_bytes"), 4 * 8 * (4 * 12));
  EXPECT_EQ(metrics.at("weight_tile_bytes"), 4 * 8 * 9 * 16);
  EXPECT_EQ(metrics.at("sum_tile_bytes"), 4 * 2 * 10 * 16);
  EXPECT_DOUBLE_EQ(metrics.at("flop_per_loaded_byte"), 2 * 5 * 16 / (4.0 * (5 + 16)));
  EXPECT_DOUBLE_EQ(metrics.at("useful_lanes"), 30.0 / 32);
}

TEST(Analysis, CodeBytesOfElfFilesOnly) {
  EXPECT_EQ(CodeBytes(""), 0);
  EXPECT_EQ(CodeBytes("#!/bin/sh\n"), 0);
  EXPECT_EQ(CodeBytes(std::string("\x7f"
                                  "ELF\x02") +
                      std::string(200, '\xff')),
            0);
  const auto self = Env::Default()->ReadFile("/proc/self/exe");
  ASSERT_TRUE(self.ok()) << self.status().message();
  EXPECT_GT(CodeBytes(*self), 10'000);
  EXPECT_LT(CodeBytes(*self), static_cast<double>(self->size()));
}

TEST(Verify, NamesTheFirstDifference) {
  const std::vector<float> expected = {1, 2, 3};
  EXPECT_EQ(DifferenceBetween(expected, expected), "");
  EXPECT_EQ(DifferenceBetween(std::vector<float>{1, 5, 4}, expected),
            "output[1] is 5, must be 2; 2 of 3 differ");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(DifferenceBetween(std::vector<float>{1, 2, nan}, expected),
            "output[2] is nan, must be 3; 1 of 3 differ");
}

}  // namespace
}  // namespace foothold::cpu
