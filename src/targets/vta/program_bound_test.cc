#include "targets/vta/program_bound.h"

#include <gtest/gtest.h>

#include <vector>

#include "foothold/rng.h"
#include "targets/vta/vta_task.h"

namespace foothold::vta {
namespace {

/// Programs of one transfer or loop per instruction, on the default machine.
class ProgramBoundTest : public ::testing::Test {
 protected:
  ProgramBoundTest()
      : machine_(*FindMachine(*Env::Default(), "pynq")),
        costs_(machine_.geometry, machine_.timing) {}

  std::int64_t CyclesOf(const Instruction& i) const { return costs_.Of(i).cycles; }
  ProgramBound Bound(const std::vector<Instruction>& instructions) const {
    DeviceProgram program;
    program.instructions = instructions;
    return BoundProgram(ProgramOutline::Of(std::move(program)), costs_);
  }

  static Instruction Transfer(Opcode opcode, MemoryId memory, std::uint32_t rows) {
    Instruction i;
    i.opcode = opcode;
    i.memory = memory;
    i.y_size = rows;
    i.x_size = i.x_stride = 16;
    return i;
  }
  static Instruction Load(std::uint32_t rows) {
    return Transfer(Opcode::kLoad, MemoryId::kInp, rows);
  }
  static Instruction Store(std::uint32_t rows) {
    return Transfer(Opcode::kStore, MemoryId::kOut, rows);
  }
  static Instruction Gemm(std::uint32_t loops) {
    Instruction i;
    i.opcode = Opcode::kGemm;
    i.iter_out = loops;
    i.iter_in = 1;
    i.uop_end = 16;
    return i;
  }

  VtaMachine machine_;
  CostModel costs_;
};

TEST_F(ProgramBoundTest, WithoutTokensTheBusiestUnitBounds) {
  const std::vector<Instruction> program = {Load(8), Load(8), Gemm(4), Store(2)};
  const ProgramBound bound = Bound(program);
  EXPECT_EQ(bound.of(Unit::kLoad), 2 * CyclesOf(Load(8)));
  EXPECT_EQ(bound.of(Unit::kCompute), CyclesOf(Gemm(4)));
  EXPECT_EQ(bound.of(Unit::kStore), CyclesOf(Store(2)));
  EXPECT_EQ(bound.lower, std::max(bound.of(Unit::kLoad), bound.of(Unit::kCompute)));
  EXPECT_EQ(bound.estimate, bound.lower);
  EXPECT_EQ(bound.serial(), 2 * CyclesOf(Load(8)) + CyclesOf(Gemm(4)) + CyclesOf(Store(2)));
}

TEST_F(ProgramBoundTest, WhatMustFollowEachOtherAddsUp) {
  std::vector<Instruction> program = {Load(8), Gemm(4), Store(2)};
  program[0].push_next = true;
  program[1].pop_prev = program[1].push_next = true;
  program[2].pop_prev = true;
  const ProgramBound bound = Bound(program);
  EXPECT_EQ(bound.lower, bound.serial());
  EXPECT_EQ(bound.estimate, bound.serial());
}

/// Two tiles; the second load waits for the first computation where there is only one buffer.
std::vector<Instruction> TwoTiles(Instruction load, Instruction gemm, Instruction store,
                                  bool one_buffer) {
  load.push_next = true;
  gemm.pop_prev = true;
  std::vector<Instruction> program = {load, gemm, load, gemm, store};
  program[1].push_prev = program[2].pop_next = one_buffer;
  program[3].push_next = program[4].pop_prev = true;
  return program;
}

TEST_F(ProgramBoundTest, ALoadThatCannotOverlapStallsTheEstimateOnly) {
  const auto load = CyclesOf(Load(2)), gemm = CyclesOf(Gemm(400)), store = CyclesOf(Store(2));
  ASSERT_LT(load, gemm);
  const ProgramBound two_buffers = Bound(TwoTiles(Load(2), Gemm(400), Store(2), false));
  EXPECT_EQ(two_buffers.lower, load + 2 * gemm + store);
  EXPECT_EQ(two_buffers.estimate, two_buffers.lower);
  const ProgramBound one_buffer = Bound(TwoTiles(Load(2), Gemm(400), Store(2), true));
  EXPECT_EQ(one_buffer.lower, two_buffers.lower);
  EXPECT_EQ(one_buffer.estimate, two_buffers.estimate + load);
}

TEST_F(ProgramBoundTest, NothingAfterTheFinishCounts) {
  Instruction finish;
  finish.opcode = Opcode::kFinish;
  const ProgramBound bound = Bound({Gemm(4), finish, Gemm(400)});
  EXPECT_EQ(bound.of(Unit::kCompute), CyclesOf(Gemm(4)) + CyclesOf(finish));
}

/// Programs of real layers: no simulation beats the lower bound, and the estimate is in order.
struct Case {
  const char* machine;
  const char* layer;
};
class EveryProgramTest : public ::testing::TestWithParam<Case> {};

TEST_P(EveryProgramTest, NoRunBeatsTheLowerBound) {
  constexpr std::uint64_t kSeed = 20221;
  SCOPED_TRACE(::testing::Message() << "seed " << kSeed);
  const VtaMachine machine = *FindMachine(*Env::Default(), GetParam().machine);
  Workload layer = FindWorkloads(GetParam().layer)->front();
  std::get<Conv2d>(layer.op).batch = machine.geometry.batch();
  const auto created = VtaTask::Create(machine, layer);
  ASSERT_TRUE(created.ok()) << created.status().message();
  const auto& task = static_cast<const VtaTask&>(*created.value());
  const CostModel costs(machine.geometry, machine.timing);
  Rng rng(kSeed);
  int programs = 0;
  for (int tries = 0; programs < 40 && tries < 8000; ++tries) {
    const Config config = task.space().Sample(rng);
    const BuildResult build = task.Build(config);
    if (!build.ok()) continue;
    const auto* device = static_cast<const VtaProgram&>(*build.program).device_program();
    if (device == nullptr) continue;
    ++programs;
    SimulationOptions options;
    options.data = false;
    const SimulationResult run = task.Time(*device, options);
    ASSERT_TRUE(run.finished()) << run.message;
    const ProgramBound bound = BoundProgram(ProgramOutline::Of(*device), costs);
    const std::string what = task.space().ToString(config);
    EXPECT_GT(bound.lower, 0) << what;
    EXPECT_LE(bound.lower, run.cycles) << what;
    EXPECT_LE(bound.lower, bound.estimate) << what;
    EXPECT_LE(bound.lower, bound.serial()) << what;
  }
  EXPECT_EQ(programs, 40);
}

INSTANTIATE_TEST_SUITE_P(Machines, EveryProgramTest,
                         ::testing::Values(Case{"pynq", "resnet18.C2"}, Case{"pynq", "resnet18.C8"},
                                           Case{"pynq:extended", "resnet18.C3"},
                                           Case{"pynq:extended", "resnet18.C11"},
                                           Case{"pynq:extended", "deepbench.01"},
                                           Case{"tsim:extended", "resnet18.C7"},
                                           Case{"pynq-4x8:extended", "resnet18.C5"}));

}  // namespace
}  // namespace foothold::vta
