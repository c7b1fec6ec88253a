// What ends a run early, and what a finished run warns of.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "targets/vta/simulator/simulator.h"
#include "targets/vta/simulator/testing/naive_machine.h"
#include "targets/vta/simulator/testing/small_program.h"

namespace foothold::vta {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Simulator PynqSimulator() { return Simulator(Geometry{}, FindTiming("pynq").value()); }

SimulationResult Simulate(TestProgram* test, bool timing = true) {
  SimulationOptions options;
  options.timing = timing;
  return PynqSimulator().Run(test->program, test->dram(), options);
}

TEST(FaultsTest, TheSmallProgramIsFine) {
  TestProgram test = MakeOneTile();
  const NaiveResult expected = RunNaively(Geometry{}, test.program, test.dram());
  const SimulationResult result = Simulate(&test);
  EXPECT_EQ(result.outcome, SimulationOutcome::kFinished) << result.message;
  EXPECT_THAT(result.warnings, IsEmpty());
  EXPECT_EQ(test.out, expected.out);
  EXPECT_GT(result.cycles, 0);
  EXPECT_NEAR(result.seconds,
              PynqSimulator().timing().HostSeconds(test.program.instructions.size(),
                                                   test.program.uops.size()) +
                  static_cast<double>(result.cycles) / 100e6,
              1e-12);
}

struct RangeCase {
  const char* name;
  std::size_t instruction;
  void (*damage)(Instruction*);
  const char* message;
};

class OutOfRangeTest : public ::testing::TestWithParam<RangeCase> {};

TEST_P(OutOfRangeTest, EndsTheRunAndSaysWhere) {
  for (const bool timing : {true, false}) {
    TestProgram test = MakeOneTile();
    GetParam().damage(&test.program.instructions[GetParam().instruction]);
    const SimulationResult result = Simulate(&test, timing);
    EXPECT_EQ(result.outcome, SimulationOutcome::kOutOfRange);
    EXPECT_EQ(result.instruction, static_cast<std::int64_t>(GetParam().instruction));
    EXPECT_THAT(result.message,
                HasSubstr("instruction " + std::to_string(GetParam().instruction) + " ("));
    EXPECT_THAT(result.message, HasSubstr(GetParam().message));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, OutOfRangeTest,
    ::testing::Values(
        RangeCase{"inp_scratchpad", OneTile::kInp, [](Instruction* i) { i->sram_base = 2041; },
                  "inp scratchpad: elements 2041..2048 of 2048"},
        RangeCase{"inp_padding", OneTile::kInp,
                  [](Instruction* i) {
                    i->sram_base = 2039;
                    i->x_pad_1 = 2;
                  },
                  "inp scratchpad: elements 2039..2048 of 2048"},
        RangeCase{"wgt_scratchpad", OneTile::kWgt, [](Instruction* i) { i->sram_base = 1024; },
                  "wgt scratchpad: elements 1024..1024 of 1024"},
        RangeCase{"store_scratchpad", OneTile::kStore, [](Instruction* i) { i->sram_base = 2045; },
                  "acc scratchpad: elements 2045..2052 of 2048"},
        RangeCase{"uop_load", OneTile::kUop, [](Instruction* i) { i->sram_base = 8192; },
                  "uop scratchpad: elements 8192..8192 of 8192"},
        RangeCase{"uop_use", OneTile::kGemm,
                  [](Instruction* i) {
                    i->uop_begin = 8191;
                    i->uop_end = 8193;
                  },
                  "uop scratchpad: elements 8191..8192 of 8192"},
        RangeCase{"gemm_dst", OneTile::kGemm, [](Instruction* i) { i->dst_factor_in = 300; },
                  "acc scratchpad: elements 0..2100 of 2048"},
        RangeCase{"gemm_src", OneTile::kGemm, [](Instruction* i) { i->src_factor_in = 293; },
                  "inp scratchpad: elements 0..2051 of 2048"},
        RangeCase{"gemm_wgt", OneTile::kGemm, [](Instruction* i) { i->wgt_factor_in = 147; },
                  "wgt scratchpad: elements 0..1029 of 1024"},
        RangeCase{"alu_src", OneTile::kAlu,
                  [](Instruction* i) {
                    i->use_imm = false;
                    i->src_factor_in = 293;
                  },
                  "acc scratchpad: elements 0..2051 of 2048"},
        RangeCase{"inp_dram", OneTile::kInp, [](Instruction* i) { i->dram_base += 57; },
                  "DRAM: bytes 0x100390..0x10040f; the inp tensor is 0x100000..0x1003ff"},
        RangeCase{"inp_dram_stride", OneTile::kInp,
                  [](Instruction* i) {
                    i->y_size = 2;
                    i->x_stride = 57;
                  },
                  "DRAM: bytes 0x100000..0x10040f"},
        RangeCase{"uop_dram", OneTile::kUop, [](Instruction* i) { i->dram_base -= 1; },
                  "DRAM: bytes 0x3ffffc..0x3fffff; the uop tensor is 0x400000..0x4000ff"},
        RangeCase{"store_dram", OneTile::kStore, [](Instruction* i) { i->dram_base = 0x10000; },
                  "DRAM: bytes 0x100000..0x10007f; the out tensor is 0x300000..0x3003ff"}),
    [](const ::testing::TestParamInfo<RangeCase>& c) { return std::string(c.param.name); });

TEST(FaultsTest, AReadMayComeFromAnyTensorThatHasIt) {
  TestProgram test = MakeOneTile();
  // Inputs from the OUT tensor: what a program stored, it may load again.
  test.program.instructions[OneTile::kInp].dram_base = Row(MemoryId::kOut, 1).dram_base + 16;
  std::vector<std::byte> moved(test.inp.size());
  std::copy_n(test.out.begin() + 256, 128, moved.begin());
  TestProgram same = MakeOneTile();
  same.inp = moved;
  EXPECT_TRUE(Simulate(&test).finished());
  EXPECT_TRUE(Simulate(&same).finished());
  EXPECT_TRUE(std::equal(test.out.begin(), test.out.begin() + 128, same.out.begin()));
}

TEST(FaultsTest, UndefinedOperationsEndTheRun) {
  const auto expect_refused = [](void (*damage)(Instruction*), std::size_t at) {
    for (const bool timing : {true, false}) {
      TestProgram test = MakeOneTile();
      damage(&test.program.instructions[at]);
      const SimulationResult result = Simulate(&test, timing);
      EXPECT_EQ(result.outcome, SimulationOutcome::kBadInstruction);
      EXPECT_EQ(result.instruction, static_cast<std::int64_t>(at));
      EXPECT_THAT(result.message, HasSubstr("the machine has no such operation"));
    }
    TestProgram test = MakeOneTile();
    damage(&test.program.instructions[at]);
    EXPECT_EQ(PynqSimulator().RunTiming(test.program).outcome, SimulationOutcome::kBadInstruction);
    const SimulationResult result =
        PynqSimulator().RunTiming(ProgramOutline{test.program, {{0, 2}, {2, 9}}, {0, 1}});
    EXPECT_EQ(result.outcome, SimulationOutcome::kBadInstruction);
    EXPECT_EQ(result.instruction, static_cast<std::int64_t>(at));
  };
  expect_refused([](Instruction* i) { i->memory = MemoryId::kWgt; }, OneTile::kStore);
  expect_refused([](Instruction* i) { i->memory = MemoryId::kOut; }, OneTile::kInp);
  expect_refused([](Instruction* i) { i->memory = static_cast<MemoryId>(6); }, OneTile::kInp);
  expect_refused([](Instruction* i) { i->memory = static_cast<MemoryId>(200); }, OneTile::kStore);
  expect_refused([](Instruction* i) { i->opcode = static_cast<Opcode>(5); }, OneTile::kGemm);
  expect_refused([](Instruction* i) { i->opcode = static_cast<Opcode>(77); }, OneTile::kGemm);
  expect_refused([](Instruction* i) { i->alu_opcode = static_cast<AluOpcode>(5); }, OneTile::kAlu);
}

TEST(FaultsTest, AMissingPushIsADeadlockThatNamesTheStuck) {
  TestProgram test = MakeOneTile();
  test.program.instructions[OneTile::kWgt].push_next = false;
  const SimulationResult result = Simulate(&test);
  EXPECT_EQ(result.outcome, SimulationOutcome::kDeadlock);
  EXPECT_EQ(result.instruction, 4);
  EXPECT_THAT(result.message, HasSubstr("compute waits at instruction 4 (gemm"));
  EXPECT_THAT(result.message, HasSubstr("for a load->compute token"));
  EXPECT_THAT(result.message, HasSubstr("store waits at instruction 6 (store.out"));
  EXPECT_THAT(result.message, HasSubstr("for a compute->store token"));
  EXPECT_EQ(PynqSimulator().RunTiming(test.program).message, result.message);
  const SimulationResult untimed = Simulate(&test, false);
  EXPECT_EQ(untimed.outcome, SimulationOutcome::kDeadlock);
  EXPECT_THAT(untimed.message, HasSubstr("compute waits at instruction 4 (gemm"));
}

TEST(FaultsTest, AFullCommandQueueCanDeadlock) {
  // 600 loads wait for a token that only an instruction behind them would push
  // (docs/reference/vta-and-autotvm.md#deadlocks).
  TestProgram test = MakeOneTile();
  std::vector<Instruction> instructions;
  Instruction load = Row(MemoryId::kInp, 1);
  load.pop_next = true;
  instructions.assign(600, load);
  Instruction release = NoOp(Unit::kCompute);
  release.push_prev = true;
  instructions.insert(instructions.end(), 600, release);
  instructions.push_back(Finish());
  test.program.instructions = instructions;
  const SimulationResult result = Simulate(&test);
  EXPECT_EQ(result.outcome, SimulationOutcome::kDeadlock);
  EXPECT_THAT(
      result.message,
      HasSubstr("fetch waits at instruction 512: the load queue is full (512 instructions)"));
  // Without a limit it runs: effects alone know no queues.
  EXPECT_TRUE(Simulate(&test, false).finished());
  // 512 of them fit.
  test.program.instructions.erase(test.program.instructions.begin(),
                                  test.program.instructions.begin() + 88);
  test.program.instructions.erase(test.program.instructions.end() - 89,
                                  test.program.instructions.end() - 1);
  EXPECT_TRUE(Simulate(&test).finished());
}

TEST(FaultsTest, AFullTokenQueueCanDeadlock) {
  Timing timing = FindTiming("pynq").value();
  timing.token_queue_depth = 2;
  TestProgram test = MakeOneTile();
  Instruction push = NoOp(Unit::kLoad);
  push.push_next = true;
  test.program.instructions = {push, push, push, Finish()};
  Simulator simulator(Geometry{}, timing);
  const SimulationResult result = simulator.Run(test.program, test.dram());
  // FINISH ran, so the device is done; what is stuck is a warning.
  EXPECT_TRUE(result.finished());
  EXPECT_THAT(
      result.warnings,
      ElementsAre("2 token(s) left over in the load->compute queue",
                  HasSubstr("load cannot push: token queue load->compute is full (2 tokens)")));
}

TEST(FaultsTest, LeftoverTokensAreReported) {
  TestProgram test = MakeOneTile();
  test.program.instructions[OneTile::kJoin].pop_next = false;
  const SimulationResult result = Simulate(&test);
  EXPECT_TRUE(result.finished());
  EXPECT_THAT(result.warnings,
              ::testing::Contains("1 token(s) left over in the store->compute queue"));
}

TEST(FaultsTest, FinishBeforeTheLastStoreIsReported) {
  TestProgram test = MakeOneTile();
  test.program.instructions[OneTile::kStore].push_prev = false;
  test.program.instructions[OneTile::kJoin].pop_next = false;
  const SimulationResult result = Simulate(&test);
  EXPECT_TRUE(result.finished());
  EXPECT_THAT(result.warnings, ElementsAre(::testing::MatchesRegex(
                                   "the last instruction ended [0-9]+ cycles after FINISH")));
}

TEST(FaultsTest, NothingRunsAfterFinish) {
  TestProgram test = MakeOneTile();
  const std::vector<std::byte> before = test.out;
  test.program.instructions.insert(test.program.instructions.begin(), Finish());
  for (const bool timing : {true, false}) {
    const SimulationResult result = Simulate(&test, timing);
    EXPECT_TRUE(result.finished());
    EXPECT_THAT(result.warnings, ElementsAre("9 instruction(s) after FINISH were not executed"));
    EXPECT_EQ(test.out, before);
  }
}

TEST(FaultsTest, WithoutFinishTheDeviceIsNeverDone) {
  TestProgram test = MakeOneTile();
  test.program.instructions.pop_back();
  const NaiveResult expected = RunNaively(Geometry{}, test.program, test.dram());
  for (const bool timing : {true, false}) {
    const SimulationResult result = Simulate(&test, timing);
    EXPECT_EQ(result.outcome, SimulationOutcome::kNoFinish);
    EXPECT_THAT(result.message, HasSubstr("no FINISH"));
    EXPECT_EQ(test.out, expected.out);  // everything else has run
  }
}

TEST(FaultsTest, TheCycleLimitIsExact) {
  TestProgram test = MakeOneTile();
  Simulator simulator = PynqSimulator();
  SimulationOptions options;
  options.max_cycles = simulator.RunTiming(test.program).cycles;
  EXPECT_TRUE(simulator.RunTiming(test.program, options).finished());
  --options.max_cycles;
  const SimulationResult result = simulator.RunTiming(test.program, options);
  EXPECT_EQ(result.outcome, SimulationOutcome::kTimeout);
  EXPECT_EQ(result.cycles, options.max_cycles);
  EXPECT_THAT(result.message, HasSubstr("FINISH had not run after"));
  options.max_cycles = 10;
  EXPECT_EQ(simulator.RunTiming(test.program, options).outcome, SimulationOutcome::kTimeout);
}

TEST(FaultsTest, PoisonShowsWhatWasNeverWritten) {
  TestProgram test = MakeOneTile();
  test.program.instructions.erase(test.program.instructions.begin() + OneTile::kReset);
  test.program.instructions[OneTile::kReset].pop_next = false;
  TestProgram poisoned = test;
  SimulationOptions options;
  options.poison = 0x5a;
  ASSERT_TRUE(Simulate(&test).finished());
  ASSERT_TRUE(PynqSimulator().Run(poisoned.program, poisoned.dram(), options).finished());
  EXPECT_NE(test.out, poisoned.out);
}

}  // namespace
}  // namespace foothold::vta
