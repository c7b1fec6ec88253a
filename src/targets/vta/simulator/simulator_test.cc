#include "targets/vta/simulator/simulator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "foothold/rng.h"
#include "targets/vta/simulator/cost_model.h"
#include "targets/vta/simulator/testing/naive_machine.h"
#include "targets/vta/simulator/testing/random_program.h"

namespace foothold::vta {
namespace {

using ::testing::IsEmpty;

Geometry Wide() {  // the second geometry of TopHub
  Geometry geometry;
  geometry.log_batch = 2;
  geometry.log_block = 3;
  geometry.log_inp_buff_size = 16;
  geometry.log_wgt_buff_size = 16;
  geometry.log_acc_buff_size = 18;
  return geometry;
}

Timing Pynq() { return FindTiming("pynq").value(); }

struct MachineCase {
  const char* name;
  Geometry geometry;
  GemmKernelKind kernel;
};

class SimulatorPropertyTest : public ::testing::TestWithParam<MachineCase> {
 protected:
  void SetUp() override {
    if (!Supports(GetParam().kernel, GetParam().geometry)) GTEST_SKIP() << "not on this machine";
  }

  /// Runs with and without timing and compares everything with the naive machine.
  static void ExpectNaiveResult(Simulator* simulator, TestProgram test,
                                const std::string& context) {
    SCOPED_TRACE(context);
    const NaiveResult expected = RunNaively(simulator->geometry(), test.program, test.dram());
    const std::vector<std::byte> out_before = test.out;
    for (const bool timing : {true, false}) {
      SimulationOptions options;
      options.timing = timing;
      options.keep_out_scratchpad = true;
      test.out = out_before;
      const SimulationResult result = simulator->Run(test.program, test.dram(), options);
      ASSERT_EQ(result.outcome, SimulationOutcome::kFinished) << result.message;
      EXPECT_THAT(result.warnings, IsEmpty());
      EXPECT_EQ(result.races, 0);
      ASSERT_EQ(test.out, expected.out) << "timing " << timing;
      ASSERT_TRUE(std::ranges::equal(simulator->acc_scratchpad(), expected.acc))
          << "timing " << timing;
      ASSERT_TRUE(std::ranges::equal(simulator->out_scratchpad(), expected.out_scratchpad));
    }
  }
};

TEST_P(SimulatorPropertyTest, SerialProgramsGiveTheNaiveResult) {
  Simulator simulator(GetParam().geometry, Pynq(), GetParam().kernel);
  for (std::uint64_t seed = 0; seed < 150 && !HasFatalFailure(); ++seed) {
    Rng rng(seed);
    ExpectNaiveResult(&simulator, RandomSerialProgram(GetParam().geometry, &rng),
                      "seed " + std::to_string(seed));
  }
}

TEST_P(SimulatorPropertyTest, PipelinedProgramsGiveTheNaiveResult) {
  Simulator simulator(GetParam().geometry, FindTiming("tsim").value(), GetParam().kernel);
  for (std::uint64_t seed = 0; seed < 60 && !HasFatalFailure(); ++seed) {
    Rng rng(seed);
    ExpectNaiveResult(&simulator, RandomPipelinedProgram(GetParam().geometry, &rng),
                      "seed " + std::to_string(seed));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Machines, SimulatorPropertyTest,
    ::testing::Values(MachineCase{"default_scalar", Geometry{}, GemmKernelKind::kScalar},
                      MachineCase{"default_avx2", Geometry{}, GemmKernelKind::kAvx2},
                      MachineCase{"default_vnni", Geometry{}, GemmKernelKind::kAvx512Vnni},
                      MachineCase{"wide_scalar", Wide(), GemmKernelKind::kScalar},
                      MachineCase{"wide_avx2", Wide(), GemmKernelKind::kAvx2},
                      MachineCase{"wide_vnni", Wide(), GemmKernelKind::kAvx512Vnni}),
    [](const ::testing::TestParamInfo<MachineCase>& c) { return std::string(c.param.name); });

TEST(SimulatorTest, AnEmptyProgramHasNoFinish) {
  Simulator simulator(Geometry{}, Pynq());
  EXPECT_EQ(simulator.Run({}, {}).outcome, SimulationOutcome::kNoFinish);
  EXPECT_EQ(simulator.RunTiming(DeviceProgram{}).outcome, SimulationOutcome::kNoFinish);
}

/// Calls f(program, timing) for pipelined programs on several machines, some with short queues.
template <typename F>
void ForPipelinedPrograms(F f) {
  for (const char* name : {"pynq", "tsim", "ultra96"})
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      SCOPED_TRACE(std::string(name) + " seed " + std::to_string(seed));
      Rng rng(seed);
      TestProgram test = RandomPipelinedProgram(Geometry{}, &rng);
      Timing timing = FindTiming(name).value();
      if (seed % 2 == 0) timing.command_queue_depth = static_cast<double>(20 + rng.Below(40));
      f(&test, timing);
    }
}

TEST(SimulatorTest, CyclesDoNotDependOnWhatElseIsAskedFor) {
  ForPipelinedPrograms([](TestProgram* test, const Timing& timing) {
    Simulator simulator(Geometry{}, timing);
    SimulationOptions bare;
    bare.breakdown = false;
    const SimulationResult fast = simulator.RunTiming(test->program, bare);
    const SimulationResult full = simulator.Run(test->program, test->dram());
    const SimulationResult again = simulator.RunTiming(test->program);
    EXPECT_TRUE(fast.finished());
    EXPECT_EQ(fast.cycles, full.cycles);
    EXPECT_EQ(fast.cycles, again.cycles);
    for (std::size_t u = 0; u < kUnits; ++u)
      EXPECT_EQ(full.breakdown.units[u].busy, again.breakdown.units[u].busy);
  });
}

// A program that is cut into parts, some of them repeated, takes as long as the same written out.
TEST(SimulatorTest, AnOutlineTakesAsLongAsTheProgramWrittenOut) {
  ForPipelinedPrograms([](TestProgram* test, const Timing& timing) {
    const std::vector<Instruction>& instructions = test->program.instructions;
    // The prologue is a LOAD UOP and two no-ops, the epilogue four no-ops and FINISH; between them
    // the tokens balance, so that it may be run again.
    const auto end = static_cast<std::uint32_t>(instructions.size());
    const std::uint32_t body = end - 5;
    const ProgramOutline outline = {
        test->program, {{0, 3}, {3, 10}, {10, body}, {3, body}, {body, end}}, {0, 1, 2, 3, 3, 4}};
    DeviceProgram written_out = test->program;
    written_out.instructions.clear();
    for (const std::uint32_t part : outline.order)
      written_out.instructions.insert(written_out.instructions.end(),
                                      instructions.begin() + outline.parts[part].begin,
                                      instructions.begin() + outline.parts[part].end);
    Simulator simulator(Geometry{}, timing);
    const SimulationResult expected = simulator.RunTiming(written_out);
    const SimulationResult result = simulator.RunTiming(outline);
    ASSERT_TRUE(expected.finished()) << expected.message;
    EXPECT_TRUE(result.finished()) << result.message;
    EXPECT_EQ(result.cycles, expected.cycles);
    EXPECT_EQ(result.seconds, expected.seconds);
    EXPECT_EQ(result.work.instructions, expected.work.instructions);
    EXPECT_EQ(result.work.gemm_ops, expected.work.gemm_ops);
    for (std::size_t u = 0; u < kUnits; ++u)
      EXPECT_EQ(result.breakdown.units[u].busy, expected.breakdown.units[u].busy);
    // What follows FINISH does not run.
    const SimulationResult once =
        simulator.RunTiming(ProgramOutline{test->program, {{0, end}}, {0, 0}});
    EXPECT_TRUE(once.finished());
    EXPECT_EQ(once.work.instructions, static_cast<std::int64_t>(end));
    EXPECT_THAT(once.warnings,
                ::testing::ElementsAre(std::to_string(end) +
                                       " instruction(s) after FINISH were not executed"));
  });
}

// No unit can be done before its own work is; and nothing waits unless something else works.
TEST(SimulatorTest, CyclesLieBetweenTheBusiestUnitAndAllOneAfterTheOther) {
  ForPipelinedPrograms([](TestProgram* test, const Timing& timing) {
    Simulator simulator(Geometry{}, timing);
    const SimulationResult result = simulator.RunTiming(test->program);
    const CostModel costs(Geometry{}, timing);
    std::int64_t busiest = 0;
    std::int64_t serial = 0;
    std::array<std::int64_t, kUnits> alone{};
    for (const Instruction& instruction : test->program.instructions) {
      const std::int64_t cycles = costs.Of(instruction).cycles;
      alone[static_cast<std::size_t>(Route(instruction))] += cycles;
      serial += cycles + costs.FetchBatch(1).cycles +
                static_cast<std::int64_t>(timing.fetch_per_instruction + timing.token_latency);
    }
    for (const std::int64_t cycles : alone) busiest = std::max(busiest, cycles);
    EXPECT_GE(result.cycles, busiest);
    EXPECT_LE(result.cycles, serial);
  });
}

TEST(SimulatorTest, ASlowerMemoryNeverHelps) {
  ForPipelinedPrograms([](TestProgram* test, Timing timing) {
    // With contention, a different order may be a lucky one.
    timing.port_cycles_per_beat = 0.001;
    timing.port_outstanding = 0;
    std::int64_t last = 0;
    for (const double per_beat : {0.25, 0.5, 1.0, 2.0, 4.0}) {
      for (DmaTiming* dma :
           {&timing.load_inp, &timing.load_wgt, &timing.load_acc, &timing.store_out})
        dma->per_beat = per_beat;
      const std::int64_t cycles = Simulator(Geometry{}, timing).RunTiming(test->program).cycles;
      EXPECT_GT(cycles, last);
      last = cycles;
    }
  });
}

TEST(SimulatorTest, OneMoreTokenNeverHelps) {
  ForPipelinedPrograms([](TestProgram* test, Timing timing) {
    timing.port_cycles_per_beat = 0.001;
    timing.port_outstanding = 0;
    timing.command_queue_depth = 512;
    Simulator simulator(Geometry{}, timing);
    const std::int64_t before = simulator.RunTiming(test->program).cycles;
    // Every ALU instruction waits for a load besides: a load that has nothing else to say, and
    // another token of its own to push.
    std::vector<Instruction> instructions;
    for (Instruction i : test->program.instructions) {
      if (i.opcode == Opcode::kAlu) {
        Instruction token;
        token.opcode = Opcode::kLoad;
        token.memory = MemoryId::kInp;
        token.push_next = true;
        instructions.push_back(token);
        i.pop_prev = true;
      }
      instructions.push_back(i);
    }
    test->program.instructions = instructions;
    const SimulationResult after = simulator.RunTiming(test->program);
    EXPECT_TRUE(after.finished()) << after.message;
    EXPECT_GE(after.cycles, before);
  });
}

}  // namespace
}  // namespace foothold::vta
