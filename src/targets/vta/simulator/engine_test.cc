#include "targets/vta/simulator/engine.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "foothold/rng.h"
#include "targets/vta/simulator/testing/naive_timing.h"
#include "targets/vta/simulator/testing/random_program.h"

namespace foothold::vta {
namespace {

/// Remembers when everything ran, and checks that starts come in order.
struct RecordingSink {
  static constexpr bool kWantsEvents = true;
  bool OnStart(const InstructionEvent& event) {
    EXPECT_GE(event.start, last_start);
    last_start = event.start;
    start[event.index] = event.start;
    return true;
  }
  void OnEnd(const InstructionEvent& event) {
    EXPECT_GE(event.end, last_start);  // known in time
    end[event.index] = event.end;
  }
  std::int64_t last_start = 0;
  std::map<std::size_t, std::int64_t> start;
  std::map<std::size_t, std::int64_t> end;
};

/// A machine of random figures whose port is never short.
Timing RandomTiming(Rng* rng) {
  Timing timing = FindTiming(rng->Below(2) == 0 ? "pynq" : "tsim").value();
  timing.command_queue_depth = static_cast<double>(1 + rng->Below(12));
  timing.command_queue_keeps = static_cast<double>(rng->Below(2));
  timing.command_queue_latency = static_cast<double>(rng->Below(5));
  timing.token_queue_depth = static_cast<double>(1 + rng->Below(4));
  timing.token_latency = static_cast<double>(rng->Below(4));
  timing.fetch_batch = static_cast<double>(1 + rng->Below(9));
  timing.fetch_start_up = static_cast<double>(rng->Below(40));
  timing.fetch_per_instruction = static_cast<double>(rng->Below(6));
  timing.gemm.start_up = static_cast<double>(rng->Below(300));
  timing.load_wgt.per_beat = 0.5 * static_cast<double>(rng->Below(8));
  timing.port_cycles_per_beat = 0.001;
  timing.port_outstanding = 0;  // the equations know no bursts
  return timing;
}

TEST(EngineTest, SolvesTheEquationsOfTheMachine) {
  int solved = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const Timing timing = RandomTiming(&rng);
    ASSERT_TRUE(Validate(timing).ok());
    const TestProgram test = seed % 2 == 0 ? RandomSerialProgram(Geometry{}, &rng)
                                           : RandomPipelinedProgram(Geometry{}, &rng);
    const CostModel costs(Geometry{}, timing);
    Engine engine(costs, timing);
    RecordingSink sink;
    const EngineEnd end = engine.Run(test.program.instructions, {}, Engine::kNever - 1, sink);
    if (end == EngineEnd::kDeadlock) continue;  // queues may be too short for the program
    ASSERT_EQ(end, EngineEnd::kDrained);
    ++solved;
    const NaiveTimes expected = SolveTimes(test.program.instructions, costs, timing);
    ASSERT_EQ(engine.finish_end(), expected.finish);
    for (std::size_t i = 0; i < expected.start.size(); ++i) {
      ASSERT_EQ(sink.start[i], expected.start[i]) << "instruction " << i;
      ASSERT_EQ(sink.end[i], expected.end[i]) << "instruction " << i;
    }
  }
  EXPECT_GT(solved, 200);
}

// With bursts, ends are known late: everything runs once, in order, tokens and units respected.
TEST(EngineTest, TransfersInBurstsKeepTheOrderOfUnitsAndTokens) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const Timing timing = FindTiming("tsim").value();
    const TestProgram test = RandomPipelinedProgram(Geometry{}, &rng);
    const CostModel costs(Geometry{}, timing);
    Engine engine(costs, timing);
    RecordingSink sink;
    ASSERT_EQ(engine.Run(test.program.instructions, {}, Engine::kNever - 1, sink),
              EngineEnd::kDrained);
    ASSERT_EQ(sink.end.size(), test.program.instructions.size());
    std::array<std::int64_t, kExecutingUnits> unit_free{};
    for (const auto& [index, start] : sink.start) {
      auto& free = unit_free[static_cast<std::size_t>(Route(test.program.instructions[index]))];
      EXPECT_GE(start, free);
      EXPECT_GT(sink.end[index], start);
      free = sink.end[index];
    }
  }
}

}  // namespace
}  // namespace foothold::vta
