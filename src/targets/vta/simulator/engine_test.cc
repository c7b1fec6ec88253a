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
    const EngineEnd end = engine.Run(test.program.instructions, nullptr, Engine::kNever - 1, sink);
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
    ASSERT_EQ(engine.Run(test.program.instructions, nullptr, Engine::kNever - 1, sink),
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

/// Asked for nothing, the engine may skip; asked for events, it may not.
struct NoSink {
  static constexpr bool kWantsEvents = false;
};
struct DeafSink {
  static constexpr bool kWantsEvents = true;
  static bool OnStart(const InstructionEvent&) { return true; }
  static void OnEnd(const InstructionEvent&) {}
};

/// Two bodies of pipelined programs, each run many times in turn, between a prologue and an
/// epilogue: a LOAD UOP and two no-ops, four no-ops and FINISH (tokens balance in a body).
ProgramOutline RandomRepetitions(Rng* rng) {
  const TestProgram a = RandomPipelinedProgram(Geometry{}, rng);
  const TestProgram b = RandomPipelinedProgram(Geometry{}, rng);
  ProgramOutline outline;
  std::vector<Instruction>& written = outline.program.instructions;
  written = a.program.instructions;
  const auto end = static_cast<std::uint32_t>(written.size());
  const auto added = static_cast<std::uint32_t>(b.program.instructions.size()) - 8;
  written.insert(written.end(), b.program.instructions.begin() + 3,
                 b.program.instructions.begin() + 3 + added);
  outline.parts = {{0, 3}, {3, end - 5}, {end - 5, end}, {end, end + added}};
  outline.order = {0};
  for (std::uint32_t turns = 1 + static_cast<std::uint32_t>(rng->Below(4)); turns > 0; --turns) {
    outline.order.insert(outline.order.end(), rng->Below(90), 1);
    outline.order.insert(outline.order.end(), rng->Below(60), 3);
  }
  outline.order.push_back(2);
  return outline;
}

// The run that is asked for events skips nothing: the judge of the one that is not.
TEST(EngineTest, SkippingChangesNothing) {
  std::size_t skipped = 0;
  int deadlocks = 0, timeouts = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    Timing timing = RandomTiming(&rng);
    if (rng.Below(3) != 0) {
      // As it is: deep queues, a port that is shared, in bursts or on average.
      constexpr const char* kProfiles[] = {"pynq", "tsim", "ultra96", "de10nano"};
      timing = FindTiming(kProfiles[rng.Below(4)]).value();
      if (rng.Below(2) == 0) timing.command_queue_depth = static_cast<double>(8 + rng.Below(80));
      if (rng.Below(4) == 0) timing.port_cycles_per_beat = static_cast<double>(1 + rng.Below(3));
    }
    const ProgramOutline outline = RandomRepetitions(&rng);
    const CostModel costs(Geometry{}, timing);
    Engine judge(costs, timing);
    DeafSink sink;
    const std::vector<Instruction>& written = outline.program.instructions;
    const std::int64_t limit =
        rng.Below(5) == 0 ? static_cast<std::int64_t>(rng.Below(2000000)) : Engine::kNever - 1;
    const EngineEnd expected = judge.Run(written, &outline, limit, sink);
    Engine engine(costs, timing);
    for (int run = 0; run < 2; ++run) {  // the second finds the first's leftovers
      NoSink none;
      ASSERT_EQ(engine.Run(written, &outline, limit, none), expected);
      EXPECT_EQ(engine.finish_end(), judge.finish_end());
      EXPECT_EQ(engine.last_end(), judge.last_end());
      EXPECT_EQ(engine.now(), judge.now());
      EXPECT_EQ(engine.stuck(), judge.stuck());
      EXPECT_EQ(engine.lost_tokens(), judge.lost_tokens());
      EXPECT_EQ(engine.fetch_cycles().busy, judge.fetch_cycles().busy);
      EXPECT_EQ(engine.fetch_cycles().wait_queue, judge.fetch_cycles().wait_queue);
      EXPECT_EQ(engine.fetch_cycles().port_delay, judge.fetch_cycles().port_delay);
      for (const Unit unit : {Unit::kLoad, Unit::kCompute, Unit::kStore})
        EXPECT_EQ(engine.wait_push(unit), judge.wait_push(unit));
    }
    EXPECT_EQ(judge.skipped(), 0U);
    skipped += engine.skipped() > 0 ? 1 : 0;
    deadlocks += expected == EngineEnd::kDeadlock ? 1 : 0;
    timeouts += expected == EngineEnd::kTimeout ? 1 : 0;
  }
  EXPECT_GT(skipped, 80U);
  EXPECT_GT(deadlocks, 4);
  EXPECT_GT(timeouts, 4);
}

}  // namespace
}  // namespace foothold::vta
