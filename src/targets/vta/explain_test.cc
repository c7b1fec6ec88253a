#include "targets/vta/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <numeric>
#include <vector>

#include "foothold/rng.h"
#include "targets/vta/vta_task.h"

namespace foothold::vta {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Le;

class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest()
      : task_(MakeVtaTarget(*FindMachine(*Env::Default(), "pynq"))
                  ->Prepare({"c", Conv2d{1, 64, 28, 28, 64, 3, 3, 1, 1, 1, 1}, {}})
                  .value()) {}

  Explanation Explain(std::vector<std::int64_t> values) {
    return task_->Explain(*task_->space().FromValues(values));
  }

  std::unique_ptr<TargetTask> task_;
};

TEST_F(ExplainTest, AnInvalidConfigNamesStageAndReason) {
  const Explanation e = Explain({1, 28, 28, 4, 4, 1, 1});
  ASSERT_TRUE(e.failure.has_value());
  EXPECT_EQ(e.failure->outcome, Outcome::kCompile);
  EXPECT_EQ(e.failure->stage, "lower.capacity");
  EXPECT_EQ(e.failure->reason, "input scratchpad: needs 57,600 B of 32,768 B");
  EXPECT_FALSE(e.seconds.has_value());
  EXPECT_TRUE(e.units.empty());
}

TEST_F(ExplainTest, AComputeBoundConfigIsBoundByGemm) {
  const Explanation e = Explain({1, 14, 28, 1, 2, 1, 2});
  ASSERT_FALSE(e.failure.has_value()) << e.failure->reason;
  EXPECT_EQ(e.bound, "GEMM");
  EXPECT_GT(e.share_of_roofline, 0.3);
  EXPECT_LE(e.share_of_roofline, 1.0);
  EXPECT_LT(e.host_seconds, e.seconds.value());
}

TEST_F(ExplainTest, ReloadingWeightsForEveryRowIsBoundByWeightLoads) {
  const Explanation e = Explain({1, 1, 1, 1, 4, 1, 1});
  ASSERT_FALSE(e.failure.has_value()) << e.failure->reason;
  EXPECT_EQ(e.bound, "weight loads");
}

TEST_F(ExplainTest, WorksAddUpToTheUnitsBusyCyclesLargestFirst) {
  const Explanation e = Explain({1, 14, 28, 1, 2, 1, 2});
  std::map<std::string, std::int64_t> busy;
  for (std::size_t i = 0; i < e.works.size(); ++i) {
    busy[e.works[i].unit] += e.works[i].cycles;
    if (i > 0 && e.works[i].unit == e.works[i - 1].unit) {
      EXPECT_LE(e.works[i].cycles, e.works[i - 1].cycles);
    }
  }
  std::vector<std::string> units;
  for (const Explanation::Unit& unit : e.units) {
    units.push_back(unit.name);
    EXPECT_EQ(busy.at(unit.name), unit.busy);
    EXPECT_LE(unit.busy, e.cycles);
  }
  EXPECT_THAT(units, ElementsAre("load", "compute", "store"));
}

TEST_F(ExplainTest, ThePiecesOfAWorkAddUpToItsCycles) {
  const Explanation e = Explain({1, 14, 28, 1, 2, 1, 2});
  for (const Explanation::Work& work : e.works) {
    EXPECT_THAT(work.busy, Each(Le(1.0)));
    const double pieces = std::accumulate(work.busy.begin(), work.busy.end(), 0.0);
    EXPECT_EQ(pieces * static_cast<double>(e.piece_cycles), static_cast<double>(work.cycles));
  }
}

Instruction Gemm() {
  Instruction instruction;
  instruction.opcode = Opcode::kGemm;
  return instruction;
}

void RunOne(TimeShares& shares, const Instruction& instruction, Unit unit, std::int64_t start,
            std::int64_t end) {
  InstructionEvent event;
  event.unit = unit;
  event.instruction = &instruction;
  event.start = start;
  event.end = end;
  shares.OnInstruction(event);
}

TEST(TimeShares, CutsWorkWhereAPieceEnds) {
  TimeShares shares(Geometry{}, 4);
  const Instruction gemm = Gemm();
  RunOne(shares, gemm, Unit::kCompute, 1, 7);
  EXPECT_EQ(shares.piece_cycles(), 2);
  const auto works = shares.Works();
  ASSERT_EQ(works.size(), 1U);
  EXPECT_EQ(works[0].work, "GEMM");
  EXPECT_EQ(works[0].cycles, 6);
  EXPECT_THAT(works[0].busy, ElementsAre(0.5, 1, 1, 0.5));
}

TEST(TimeShares, PutsPiecesTogetherWhenTheRunIsLong) {
  TimeShares shares(Geometry{}, 4);
  const Instruction gemm = Gemm();
  RunOne(shares, gemm, Unit::kCompute, 0, 3);
  RunOne(shares, gemm, Unit::kCompute, 10, 12);
  EXPECT_EQ(shares.piece_cycles(), 4);
  EXPECT_THAT(shares.Works()[0].busy, ElementsAre(0.75, 0, 0.5));
}

// The oracle has a counter for each cycle.
TEST(TimeShares, IsWhatCountingEachCycleGives) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    TimeShares shares(Geometry{}, 8);
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
      RunOne(shares, is_reset ? reset : gemm, Unit::kCompute, start, at);
      for (std::int64_t cycle = start; cycle < at; ++cycle) {
        ++busy[is_reset ? 1 : 0][static_cast<std::size_t>(cycle)];
      }
    }
    const auto piece_cycles = static_cast<std::size_t>(shares.piece_cycles());
    for (const Explanation::Work& row : shares.Works()) {
      const auto& cycles = busy[row.work == "GEMM" ? 0 : 1];
      for (std::size_t piece = 0; piece < row.busy.size(); ++piece) {
        std::int64_t sum = 0;
        for (std::size_t k = 0; k < piece_cycles; ++k) sum += cycles[piece * piece_cycles + k];
        EXPECT_EQ(row.busy[piece] * static_cast<double>(piece_cycles), static_cast<double>(sum))
            << row.work << " piece " << piece;  // exact: a piece is a power of two
      }
    }
  }
}

}  // namespace
}  // namespace foothold::vta
