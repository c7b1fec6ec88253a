#include "targets/vta/activity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"

namespace foothold::vta {
namespace {

using ::testing::ElementsAre;

Instruction Gemm() {
  Instruction instruction;
  instruction.opcode = Opcode::kGemm;
  return instruction;
}

void RunOne(Activity& activity, const Instruction& instruction, Unit unit, std::int64_t start,
            std::int64_t end) {
  InstructionEvent event;
  event.unit = unit;
  event.instruction = &instruction;
  event.start = start;
  event.end = end;
  activity.OnInstruction(event);
}

TEST(Activity, CutsWorkWhereAPieceEnds) {
  Activity activity(4);
  const Instruction gemm = Gemm();
  RunOne(activity, gemm, Unit::kCompute, 1, 7);
  EXPECT_EQ(activity.piece_cycles(), 2);
  const auto rows = activity.Rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].work, "GEMM");
  EXPECT_THAT(rows[0].cycles, ElementsAre(1, 2, 2, 1));
}

TEST(Activity, PutsPiecesTogetherWhenTheRunIsLong) {
  Activity activity(4);
  const Instruction gemm = Gemm();
  RunOne(activity, gemm, Unit::kCompute, 0, 3);
  RunOne(activity, gemm, Unit::kCompute, 10, 12);
  EXPECT_EQ(activity.piece_cycles(), 4);
  EXPECT_THAT(activity.Rows()[0].cycles, ElementsAre(3, 0, 2));
}

// The oracle has a counter for each cycle.
TEST(Activity, IsWhatCountingEachCycleGives) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    Activity activity(8);
    Instruction reset = Gemm();
    reset.reset = true;
    const Instruction gemm = Gemm();
    std::vector<std::int64_t> busy[2] = {std::vector<std::int64_t>(10'000),
                                         std::vector<std::int64_t>(10'000)};
    std::int64_t at = 0;
    for (int i = 0; i < 50; ++i) {
      const bool is_reset = rng.Below(2) == 0;
      const auto start = at + static_cast<std::int64_t>(rng.Below(40));
      at = start + static_cast<std::int64_t>(rng.Below(100));
      RunOne(activity, is_reset ? reset : gemm, Unit::kCompute, start, at);
      for (std::int64_t cycle = start; cycle < at; ++cycle) {
        ++busy[is_reset ? 1 : 0][static_cast<std::size_t>(cycle)];
      }
    }
    for (const Activity::Row& row : activity.Rows()) {
      const auto& cycles = busy[row.work == "GEMM" ? 0 : 1];
      for (std::size_t piece = 0; piece < row.cycles.size(); ++piece) {
        std::int64_t sum = 0;
        for (std::int64_t k = 0; k < activity.piece_cycles(); ++k) {
          sum += cycles[piece * static_cast<std::size_t>(activity.piece_cycles()) +
                        static_cast<std::size_t>(k)];
        }
        EXPECT_EQ(row.cycles[piece], sum) << row.work << " piece " << piece;
      }
    }
  }
}

}  // namespace
}  // namespace foothold::vta
