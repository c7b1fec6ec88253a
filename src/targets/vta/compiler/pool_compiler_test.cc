#include "targets/vta/compiler/pool_compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "foothold/rng.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::vta {
namespace {

constexpr DramLayout kDram = {.inp = 0x100000, .wgt = 0x10000, .out = 0x400000, .uop = 0x800000};

BlockedShape Pool(std::int64_t planes, std::int64_t height, std::int64_t width, std::int64_t kernel,
                  std::int64_t stride, std::int64_t pad) {
  BlockedShape shape;
  shape.batch = planes;
  shape.height = height;
  shape.width = width;
  shape.kernel_h = shape.kernel_w = kernel;
  shape.stride_h = shape.stride_w = stride;
  shape.pad_h = shape.pad_w = pad;
  shape.out_height = (height + 2 * pad - kernel) / stride + 1;
  shape.out_width = (width + 2 * pad - kernel) / stride + 1;
  return shape;
}

std::vector<std::byte> RandomBytes(std::int64_t count) {
  Rng rng(11);
  std::vector<std::byte> bytes;
  for (std::int64_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::byte>(rng.Below(256)));
  return bytes;
}

/// By definition: lanes are pooled for themselves, and what is outside never wins.
std::vector<std::byte> Reference(const BlockedShape& s, const std::vector<std::byte>& inp,
                                 std::int64_t lanes) {
  std::vector<std::byte> out;
  for (std::int64_t plane = 0; plane < s.batch; ++plane) {
    for (std::int64_t at = 0; at < s.out_height * s.out_width * lanes; ++at) {
      const std::int64_t y = at / lanes / s.out_width * s.stride_h - s.pad_h;
      const std::int64_t x = at / lanes % s.out_width * s.stride_w - s.pad_w;
      std::int8_t most = -128;
      for (std::int64_t r = std::max<std::int64_t>(y, 0); r < std::min(y + s.kernel_h, s.height);
           ++r) {
        for (std::int64_t c = std::max<std::int64_t>(x, 0); c < std::min(x + s.kernel_w, s.width);
             ++c) {
          const std::int64_t element = (plane * s.height + r) * s.width + c;
          const auto index = static_cast<std::size_t>(element * lanes + at % lanes);
          most = std::max(most, static_cast<std::int8_t>(inp[index]));
        }
      }
      out.push_back(static_cast<std::byte>(most));
    }
  }
  return out;
}

/// Runs the program on a simulator that finds fault with races and with what was never written.
void ExpectPools(const BlockedShape& shape, const Geometry& geometry) {
  auto code = CompileMaxPool(shape, kDram.wgt, geometry, kDram);
  ASSERT_TRUE(std::holds_alternative<DeviceProgram>(code)) << std::get<Rejection>(code).reason;
  const auto& program = std::get<DeviceProgram>(code);
  const auto inp = RandomBytes(shape.InputElements() * geometry.inp_elem_bytes());
  std::vector<std::byte> identity(static_cast<std::size_t>(geometry.wgt_elem_bytes()));
  for (std::int64_t i = 0; i < geometry.block(); ++i) {
    identity[static_cast<std::size_t>(i * geometry.block() + i)] = std::byte{1};
  }
  std::vector<std::byte> out(
      static_cast<std::size_t>(shape.OutputElements() * geometry.out_elem_bytes()));
  SimulationOptions options;
  options.poison = 0x5a;
  Simulator simulator(geometry, Timing{});
  const SimulationResult result = simulator.Run(program, {inp, identity, {}, out}, options);
  EXPECT_TRUE(result.finished()) << result.message;
  EXPECT_THAT(result.warnings, ::testing::IsEmpty());
  EXPECT_EQ(out, Reference(shape, inp, geometry.batch() * geometry.block()));
}

TEST(CompileMaxPoolTest, IsTheMaximumOfEachWindow) {
  ExpectPools(Pool(1, 4, 6, 2, 2, 0), Geometry{});
  ExpectPools(Pool(3, 9, 7, 3, 2, 1), Geometry{});
  ExpectPools(Pool(2, 5, 5, 3, 1, 1), Geometry{});
  ExpectPools(Pool(2, 1, 1, 1, 1, 0), Geometry{});
}

TEST(CompileMaxPoolTest, DividesPlanesThatDoNotFit) {
  ExpectPools(Pool(1, 112, 112, 3, 2, 1), Geometry{});
  ExpectPools(Pool(1, 4, 2500, 2, 2, 0), Geometry{});
}

TEST(CompileMaxPoolTest, AWindowOfNothingButPaddingGivesTheLeast) {
  ExpectPools(Pool(2, 3, 3, 2, 2, 2), Geometry{});
}

TEST(CompileMaxPoolTest, SaysWhenAWindowDoesNotFit) {
  const auto code = CompileMaxPool(Pool(1, 200, 200, 200, 1, 0), kDram.wgt, Geometry{}, kDram);
  ASSERT_TRUE(std::holds_alternative<Rejection>(code));
  EXPECT_EQ(std::get<Rejection>(code).reason,
            "max-pool: one window of 200x200 does not fit the scratchpads");
}

}  // namespace
}  // namespace foothold::vta
