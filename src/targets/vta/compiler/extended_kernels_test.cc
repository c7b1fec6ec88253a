#include "targets/vta/compiler/extended_kernels.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "foothold/workload.h"

namespace foothold::vta {
namespace {

using Product = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // dst, src, wgt

/// All micro-ops that the instructions execute.
std::multiset<Product> Executed(const std::vector<Instruction>& instructions,
                                const KernelPool& pool) {
  std::multiset<Product> products;
  for (const Instruction& i : instructions) {
    for (std::uint32_t out = 0; out < i.iter_out; ++out)
      for (std::uint32_t in = 0; in < i.iter_in; ++in)
        for (const MicroOp& uop : pool.Uops({i.uop_begin, i.uop_end}))
          products.insert({uop.dst + out * i.dst_factor_out + in * i.dst_factor_in,
                           uop.src + out * i.src_factor_out + in * i.src_factor_in,
                           uop.wgt + out * i.wgt_factor_out + in * i.wgt_factor_in});
  }
  return products;
}

/// The products of a tile by definition; those with padding that is not in the scratchpad are none.
std::multiset<Product> Expected(const GemmTile& t) {
  std::multiset<Product> products;
  for (std::int64_t b = 0; b < t.b; ++b)
    for (std::int64_t co = 0; co < t.co; ++co)
      for (std::int64_t ci = 0; ci < t.ci; ++ci)
        for (std::int64_t y = 0; y < t.rows.positions; ++y)
          for (std::int64_t x = 0; x < t.columns.positions; ++x)
            for (std::int64_t dy = 0; dy < t.rows.kernel; ++dy)
              for (std::int64_t dx = 0; dx < t.columns.kernel; ++dx) {
                if (!t.rows.Holds(y, dy) || !t.columns.Holds(x, dx)) continue;
                const std::int64_t dst =
                    ((b * t.co + co) * t.rows.positions + y) * t.columns.positions + x;
                const std::int64_t src =
                    ((b * t.ci + ci) * t.rows.lines() + t.rows.LineOf(y, dy)) * t.columns.lines() +
                    t.columns.LineOf(x, dx);
                const std::int64_t wgt =
                    ((co * t.ci + ci) * t.rows.kernel + dy) * t.columns.kernel + dx;
                products.insert({t.acc_base + dst, t.inp_base + src, t.wgt_base + wgt});
              }
  return products;
}

constexpr InstructionLoops kAllLoops[] = {InstructionLoops::kChannels, InstructionLoops::kPositions,
                                          InstructionLoops::kReductionColumns};

TEST(ExtendedKernelsTest, EachProductOfATileIsExecutedOnce) {
  for (const std::int64_t pad : {0, 1, 2}) {
    for (const std::int64_t stride : {1, 2}) {
      const WindowAxis axis{.extent = 8, .kernel = 3, .pad = pad, .stride = stride};
      for (const std::int64_t position : {0, 1}) {
        for (const bool skip : {false, true}) {
          GemmTile tile{.b = 2, .co = 3, .ci = 2};
          tile.rows = MakeTileWindow(axis, position, 3, skip);
          tile.columns = MakeTileWindow(axis, 0, 4 / stride, skip);
          tile.inp_base = 100;
          tile.wgt_base = 200;
          tile.acc_base = 300;
          for (const InstructionLoops loops : kAllLoops) {
            KernelPool pool{Geometry{}};
            const auto made = MakeGemm(tile, loops, Geometry{}, pool);
            ASSERT_TRUE(std::holds_alternative<std::vector<Instruction>>(made))
                << std::get<Rejection>(made).reason;
            ASSERT_EQ(Executed(std::get<std::vector<Instruction>>(made), pool), Expected(tile));
          }
        }
      }
    }
  }
}

TEST(ExtendedKernelsTest, APaddedEdgeCostsALoopedAxisAnInstruction) {
  const WindowAxis axis{.extent = 14, .kernel = 3, .pad = 1, .stride = 1};
  GemmTile tile{.co = 4, .ci = 2};
  tile.rows = MakeTileWindow(axis, 7, 7, true);  // padding below
  tile.columns = MakeTileWindow(axis, 0, 14, true);
  const auto count = [&](InstructionLoops loops) {
    KernelPool pool{Geometry{}};
    return std::get<std::vector<Instruction>>(MakeGemm(tile, loops, Geometry{}, pool)).size();
  };
  EXPECT_EQ(count(InstructionLoops::kChannels), 1U);
  EXPECT_EQ(count(InstructionLoops::kReductionColumns), 3U);
  EXPECT_EQ(count(InstructionLoops::kPositions), 6U);
}

TEST(ExtendedKernelsTest, AnElementwisePassTouchesEachAccumulatorOnce) {
  const AccumulatorTile tile{.b = 2, .co = 3, .positions = 98, .base = 50};
  KernelPool pool{Geometry{}};
  const auto made = MakeElementwise(tile, ToEpilogue({.bias = true}), 1000, Geometry{}, pool);
  ASSERT_TRUE(std::holds_alternative<ElementwiseKernels>(made));
  const auto& kernels = std::get<ElementwiseKernels>(made);
  std::multiset<Product> in_place, biased;
  for (std::int64_t b = 0; b < tile.b; ++b)
    for (std::int64_t co = 0; co < tile.co; ++co)
      for (std::int64_t i = 0; i < tile.positions; ++i) {
        const std::int64_t dst = tile.base + (b * tile.co + co) * tile.positions + i;
        in_place.insert({dst, dst, 0});
        biased.insert({dst, 1000 + co, 0});
      }
  EXPECT_EQ(Executed({kernels.reset}, pool), in_place);
  EXPECT_EQ(Executed(kernels.before_bias, pool), in_place);
  EXPECT_EQ(Executed(kernels.add_bias, pool), biased);
  for (const Instruction& pass : kernels.after_bias) EXPECT_EQ(Executed({pass}, pool), in_place);
}

TEST(ExtendedKernelsTest, TooFewAccumulatorsAreAHazard) {
  const WindowAxis axis{.extent = 2, .kernel = 1, .pad = 0, .stride = 1};
  GemmTile tile{.co = 1, .ci = 4};
  tile.rows = tile.columns = MakeTileWindow(axis, 0, 1, false);
  KernelPool pool{Geometry{}};
  const auto made = MakeGemm(tile, InstructionLoops::kPositions, Geometry{}, pool);
  ASSERT_TRUE(std::holds_alternative<Rejection>(made));
  EXPECT_EQ(std::get<Rejection>(made).stage, "lower.hazard");
}

/// In place, as the reset loops.
Instruction InPlace(const AccumulatorTile& tile, KernelPool& pool) {
  return std::get<Instruction>(LoopsOverTile(tile, tile.base, 0, pool));
}

TEST(ExtendedKernelsTest, AResidualIsMultipliedWithTheIdentityAndShifted) {
  const AccumulatorTile tile = {.b = 2, .co = 3, .positions = 5, .base = 40};
  KernelPool pool{Geometry{}};
  const Instruction in_place = InPlace(tile, pool);
  const auto made = MakeResidual(tile, {.inp_base = 7, .identity = 9, .left_shift = 3}, in_place,
                                 Geometry{}, pool);
  ASSERT_TRUE(std::holds_alternative<std::vector<Instruction>>(made));
  const auto& instructions = std::get<std::vector<Instruction>>(made);
  ASSERT_EQ(instructions.size(), 2U);
  std::multiset<Product> expected;
  for (std::int64_t i = 0; i < tile.size(); ++i) expected.insert({40 + i, 7 + i, 9});
  EXPECT_EQ(instructions[0].opcode, Opcode::kGemm);
  EXPECT_FALSE(instructions[0].reset);
  EXPECT_EQ(Executed({instructions[0]}, pool), expected);
  EXPECT_EQ(instructions[1].alu_opcode, AluOpcode::kShr);
  EXPECT_EQ(instructions[1].imm, -3);
  EXPECT_EQ(Executed({instructions[1]}, pool), Executed({in_place}, pool));
}

TEST(ExtendedKernelsTest, AResidualIsShiftedInStepsThatTheFieldHolds) {
  const AccumulatorTile tile = {.positions = 4};
  KernelPool pool{Geometry{}};
  const Instruction in_place = InPlace(tile, pool);
  for (const std::int64_t shift : {0, 15, 22}) {
    const auto made = MakeResidual(tile, {.left_shift = shift}, in_place, Geometry{}, pool);
    const auto& instructions = std::get<std::vector<Instruction>>(made);
    std::int64_t sum = 0;
    for (std::size_t i = 1; i < instructions.size(); ++i) {
      EXPECT_GE(instructions[i].imm, -16);
      sum -= instructions[i].imm;
    }
    EXPECT_EQ(sum, shift);
  }
}

TEST(ExtendedKernelsTest, AResidualNeedsMicroOps) {
  KernelPool pool{Geometry{}};
  const AccumulatorTile tile = {.positions = 64};
  const Instruction in_place = InPlace(tile, pool);
  Geometry small;
  small.log_uop_buff_size = 6;  // sixteen micro-ops
  KernelPool full{small};
  EXPECT_TRUE(std::holds_alternative<Rejection>(MakeResidual(tile, {}, in_place, small, full)));
}

}  // namespace
}  // namespace foothold::vta
