// Missing tokens must show: as a wrong answer, a race, a deadlock or a warning.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "targets/vta/simulator/simulator.h"
#include "targets/vta/simulator/testing/naive_machine.h"
#include "targets/vta/simulator/testing/small_program.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

SimulationResult SimulateHazard(TestProgram* test, const char* timing = "pynq") {
  return Simulator(Geometry{}, FindTiming(timing).value()).Run(test->program, test->dram());
}

std::vector<std::byte> RightAnswer(TestProgram test) {
  return RunNaively(Geometry{}, test.program, test.dram()).out;
}

TEST(HazardsTest, AGemmThatDoesNotWaitReadsOldInputs) {
  TestProgram test = MakeOneTile();
  const std::vector<std::byte> right = RightAnswer(test);
  test.program.instructions[OneTile::kWgt].push_next = false;
  test.program.instructions[OneTile::kGemm].pop_prev = false;
  const SimulationResult result = SimulateHazard(&test);
  EXPECT_TRUE(result.finished());
  EXPECT_NE(test.out, right);
}

TEST(HazardsTest, AStoreThatDoesNotWaitWritesOldResults) {
  TestProgram test = MakeOneTile();
  const std::vector<std::byte> right = RightAnswer(test);
  test.program.instructions[OneTile::kAlu].push_next = false;
  test.program.instructions[OneTile::kStore].pop_prev = false;
  EXPECT_TRUE(SimulateHazard(&test).finished());
  EXPECT_NE(test.out, right);
}

// A load that starts while the GEMM before it still reads: the second set of inputs destroys the
// first.
TEST(HazardsTest, ALoadThatDoesNotWaitDestroysWhatIsBeingRead) {
  TestProgram test = MakeOneTile();
  test.program.instructions[OneTile::kGemm].iter_out = 2000;  // long
  std::vector<Instruction>& instructions = test.program.instructions;
  const std::vector<std::byte> right = RightAnswer(test);
  Instruction meanwhile = Row(MemoryId::kWgt, 1);  // until the GEMM has started
  meanwhile.sram_base = 100;
  Instruction overwrite = Row(MemoryId::kInp, 8);
  overwrite.dram_base += 20;
  instructions.insert(instructions.begin() + OneTile::kGemm + 1, {meanwhile, overwrite});
  EXPECT_EQ(RightAnswer(test), right);  // in order it would not matter
  const SimulationResult result = SimulateHazard(&test);
  EXPECT_TRUE(result.finished());
  EXPECT_EQ(result.races, 1);
  EXPECT_THAT(result.warnings, ::testing::Contains(HasSubstr("instruction 6 (load.inp")));
  EXPECT_NE(test.out, right);
}

// Interleaved but disjoint elements are no race, although the ranges overlap.
TEST(HazardsTest, OverlappingRangesOfDifferentElementsAreNoRace) {
  TestProgram test = MakeOneTile();
  std::vector<Instruction>& instructions = test.program.instructions;
  instructions[OneTile::kGemm].iter_in = 4;
  instructions[OneTile::kGemm].src_factor_in = 2;  // elements 0, 2, 4, 6
  instructions[OneTile::kGemm].iter_out = 2000;
  Instruction between = Row(MemoryId::kInp, 1);
  between.sram_base = 3;
  instructions.insert(instructions.begin() + OneTile::kGemm + 1, between);
  const std::vector<std::byte> right = RightAnswer(test);
  const SimulationResult result = SimulateHazard(&test);
  EXPECT_EQ(result.races, 0);
  EXPECT_EQ(test.out, right);
}

// What a tile stored, a load may read again: if it waits.
TEST(HazardsTest, ALoadOfWhatIsBeingStoredGetsTheOldData) {
  TestProgram test = MakeOneTile();
  std::vector<Instruction>& instructions = test.program.instructions;
  instructions[OneTile::kStore].x_size = instructions[OneTile::kStore].x_stride = 60;
  Instruction reload = Row(MemoryId::kInp, 8);
  reload.dram_base = Row(MemoryId::kOut, 1).dram_base;
  reload.pop_next = true;
  Instruction start = NoOp(Unit::kCompute);
  start.push_prev = true;  // when the ALU is done, as the store does
  instructions.insert(instructions.begin() + OneTile::kAlu + 1, start);
  instructions.insert(instructions.begin() + OneTile::kStore + 2, reload);
  const SimulationResult result = SimulateHazard(&test);
  EXPECT_TRUE(result.finished()) << result.message;
  EXPECT_EQ(result.races, 1);
}

// Every token of pipelined programs is needed: dropping any push deadlocks or leaves the answer
// open to question; dropping any pop leaves a token over; dropping a matching pair is a race, a
// wrong answer, a changed order that tokens no longer guarantee, or harmless only because another
// token says the same.
TEST(HazardsTest, DroppedFlagsOfPipelinedProgramsShow) {
  int dropped = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Rng rng(seed);
    const TestProgram original = RandomPipelinedProgram(Geometry{}, &rng);
    for (std::size_t i = 0; i < original.program.instructions.size(); ++i)
      for (bool Instruction::*flag : {&Instruction::pop_prev, &Instruction::pop_next,
                                      &Instruction::push_prev, &Instruction::push_next}) {
        if (!(original.program.instructions[i].*flag)) continue;
        TestProgram test = original;
        test.program.instructions[i].*flag = false;
        const SimulationResult result = SimulateHazard(&test, "tsim");
        ++dropped;
        EXPECT_TRUE(!result.finished() || !result.warnings.empty())
            << "seed " << seed << " instruction " << i;
      }
  }
  EXPECT_GT(dropped, 300);
}

// Without the pair of tokens between a load and its GEMM, the answer is wrong in every pipelined
// program.
TEST(HazardsTest, PipelinedProgramsWithoutLoadTokensAreWrong) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Rng rng(seed);
    TestProgram test = RandomPipelinedProgram(Geometry{}, &rng);
    const std::vector<std::byte> right = RightAnswer(test);
    for (Instruction& i : test.program.instructions) {
      if (i.memory == MemoryId::kWgt) i.push_next = false;
      if (i.opcode == Opcode::kGemm) i.pop_prev = false;
    }
    const SimulationResult result = SimulateHazard(&test, "tsim");
    EXPECT_TRUE(result.finished()) << result.message;
    EXPECT_NE(test.out, right) << "seed " << seed;
  }
}

}  // namespace
}  // namespace foothold::vta
