#include "targets/vta/simulator/views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "targets/vta/simulator/testing/small_program.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

/// Round figures, so that times can be worked out by hand.
Timing Round() {
  Timing timing;
  timing.name = "round";
  timing.fetch_batch = 1;
  timing.fetch_start_up = 8;
  timing.fetch_per_beat = 1;
  timing.fetch_per_instruction = 0;  // an instruction every 10 cycles
  timing.gemm = timing.gemm_reset = timing.alu_imm = timing.alu_tensor = {100, 0, 1};
  DmaTiming dma;
  dma.start_up = 50;
  dma.per_beat = 0;
  timing.load_inp = timing.load_wgt = timing.load_acc = timing.load_uop = timing.store_out = dma;
  timing.port_cycles_per_beat = 0.001;
  return timing;
}

// The one-tile program on the round machine, by hand. Arrivals are 10, 20, ... 90.
//   0 uop     10 ..  60      compute
//   1 reset   60 .. 168      100 + 8
//   2 inp    168 .. 218      waits for reset's token
//   3 wgt    218 .. 268
//   4 gemm   268 .. 376
//   5 alu    376 .. 484
//   6 store  484 .. 534
//   7 join   534 .. 536
//   8 finish 536 .. 538
TEST(ViewsTest, TheTimesOfASmallProgramAreThoseWorkedOutByHand) {
  TestProgram test = MakeOneTile();
  Simulator simulator(Geometry{}, Round());
  Timeline timeline(100);
  SimulationOptions options;
  options.listener = &timeline;
  const SimulationResult result = simulator.Run(test.program, test.dram(), options);
  ASSERT_TRUE(result.finished());
  EXPECT_EQ(result.cycles, 538);
  const auto rows = timeline.ToJson();
  ASSERT_EQ(rows.size(), 9u);
  const std::int64_t starts[] = {10, 60, 168, 218, 268, 376, 484, 534, 536};
  const std::int64_t ends[] = {60, 168, 218, 268, 376, 484, 534, 536, 538};
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(rows[i]["index"], i);
    EXPECT_EQ(rows[i]["start"], starts[i]);
    EXPECT_EQ(rows[i]["end"], ends[i]);
  }
  EXPECT_EQ(rows[2]["waits"], (base::Json{{"fetch", 30}, {"compute", 138}}));
  EXPECT_EQ(rows[7]["waits"], (base::Json{{"store", 50}}));

  const UnitCycles& load = result.breakdown.of(Unit::kLoad);
  EXPECT_EQ(load.instructions, 2);
  EXPECT_EQ(load.busy, 100);
  EXPECT_EQ(load.wait_fetch, 30);
  EXPECT_EQ(load.wait_next, 138);
  EXPECT_EQ(load.last_end, 268);
  const UnitCycles& compute = result.breakdown.of(Unit::kCompute);
  EXPECT_EQ(compute.busy, 50 + 108 + 108 + 108 + 2 + 2);
  EXPECT_EQ(compute.wait_prev, 100);
  EXPECT_EQ(compute.wait_next, 50);
  EXPECT_EQ(result.breakdown.of(Unit::kFetch).busy, 90);
}

TEST(ViewsTest, BreakdownsAddUp) {
  for (const char* name : {"pynq", "tsim"}) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      Rng rng(seed);
      const TestProgram test = RandomPipelinedProgram(Geometry{}, &rng);
      Timing timing = FindTiming(name).value();
      timing.command_queue_depth = static_cast<double>(16 + seed);
      timing.token_queue_depth = 2;
      Simulator simulator(Geometry{}, timing);
      const SimulationResult result = simulator.RunTiming(test.program);
      ASSERT_TRUE(result.finished()) << result.message;
      for (const UnitCycles& u : result.breakdown.units)
        EXPECT_EQ(u.busy + u.wait_fetch + u.wait_prev + u.wait_next + u.wait_push + u.wait_queue,
                  u.last_end)
            << "seed " << seed;
    }
  }
}

TEST(ViewsTest, WorkIsCountedAsFsimCounts) {
  TestProgram test = MakeOneTile();
  test.program.instructions[OneTile::kInp].y_pad_0 = 2;
  test.program.instructions[OneTile::kInp].x_pad_1 = 1;
  test.program.instructions.insert(test.program.instructions.begin(), Row(MemoryId::kAcc8, 3));
  const Work work = CountWork(Geometry{}, test.program.instructions);
  EXPECT_EQ(work.of(MemoryId::kInp).bytes, 8 * 16);
  EXPECT_EQ(work.of(MemoryId::kInp).rows, 1);
  EXPECT_EQ(work.of(MemoryId::kInp).pad_elements, 3 * 9 - 8);
  EXPECT_EQ(work.of(MemoryId::kWgt).bytes, 256);
  EXPECT_EQ(work.of(MemoryId::kUop).bytes, 4);
  EXPECT_EQ(work.of(MemoryId::kAcc8).bytes, 3 * 16);
  EXPECT_EQ(work.of(MemoryId::kOut).bytes, 8 * 16);
  EXPECT_EQ(work.gemm_ops, 8);
  EXPECT_EQ(work.reset_ops, 8);
  EXPECT_EQ(work.alu_ops, 8);
  EXPECT_EQ(work.syncs, 1);
  EXPECT_EQ(work.instructions, 10);
  EXPECT_EQ(WorkJson(work)["memories"]["inp"]["bytes"], 128);
  EXPECT_THAT(WorkText(work), HasSubstr("gemm     8 operations in 1 instructions; reset 8 in 1"));
}

TEST(ViewsTest, TextAndJsonSayTheSame) {
  TestProgram test = MakeOneTile();
  Simulator simulator(Geometry{}, Round());
  Timeline timeline(3);
  SimulationOptions options;
  options.listener = &timeline;
  const SimulationResult result = simulator.RunTiming(test.program, options);
  EXPECT_THAT(CyclesText(result), HasSubstr("total 538 cycles"));
  const auto cycles = CyclesJson(result);
  EXPECT_EQ(cycles["cycles"], 538);
  EXPECT_EQ(cycles["units"]["load"]["wait_next"], 138);
  const Utilization used = MeasureUtilization(result, Geometry{});
  EXPECT_DOUBLE_EQ(used.gemm, 8.0 / 538);
  EXPECT_DOUBLE_EQ(used.load, 100.0 / 538);
  EXPECT_DOUBLE_EQ(used.gops, 2.0 * 8 * 256 / 5.38e-6 / 1e9);
  EXPECT_DOUBLE_EQ(UtilizationJson(used)["load"].number(), used.load);
  EXPECT_THAT(UtilizationText(used), HasSubstr("load 18.6 %"));
  EXPECT_EQ(timeline.Text(),
            "     # unit          start        end  waited for               0 .. 218 cycles\n"
            "     0 compute          10         60  fetch 10                 "
            "|  ###########                                   | load.uop sram=0 dram=0x100000 y=1 "
            "x=1 stride=1\n"
            "     1 compute          60        168                           "
            "|             #######################            | gemm.reset uop=0:1 loop=1x8 "
            "dst=0,1 src=0,1 "
            "wgt=0,0 push_prev\n"
            "     2 load            168        218  fetch 30, compute 138    "
            "|                                    ############| load.inp sram=0 dram=0x10000 y=1 "
            "x=8 stride=8 "
            "pop_next\n");
}

}  // namespace
}  // namespace foothold::vta
