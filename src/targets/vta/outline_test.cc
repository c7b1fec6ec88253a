#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "foothold/rng.h"
#include "targets/vta/program_bound.h"
#include "targets/vta/vta_task.h"

namespace foothold::vta {
namespace {

constexpr std::uint64_t kOutlineSeed = 20261130;

void ExpectSameBound(const ProgramBound& actual, const ProgramBound& expected) {
  EXPECT_EQ(actual.busy, expected.busy);
  EXPECT_EQ(actual.lower, expected.lower);
  EXPECT_EQ(actual.estimate, expected.estimate);
}

void ExpectSameWork(const Work& actual, const Work& expected) {
  EXPECT_EQ(actual.instructions, expected.instructions);
  EXPECT_EQ(actual.syncs, expected.syncs);
  EXPECT_EQ(actual.gemm_ops, expected.gemm_ops);
  EXPECT_EQ(actual.alu_ops, expected.alu_ops);
  for (std::size_t m = 0; m < actual.traffic.size(); ++m) {
    EXPECT_EQ(actual.traffic[m].rows, expected.traffic[m].rows);
    EXPECT_EQ(actual.traffic[m].bytes, expected.traffic[m].bytes);
    EXPECT_EQ(actual.traffic[m].pad_elements, expected.traffic[m].pad_elements);
  }
}

/// Instructions that differ at most in their addresses, and cost the same.
void ExpectSameInstructions(const ProgramOutline& outline, const DeviceProgram& program,
                            const CostModel& costs) {
  EXPECT_EQ(outline.program.uops, program.uops);
  ASSERT_EQ(outline.instructions(), program.instructions.size());
  std::size_t at = 0;
  for (const std::uint32_t part : outline.order) {
    for (std::uint32_t i = outline.parts[part].begin; i < outline.parts[part].end; ++i, ++at) {
      Instruction instruction = outline.program.instructions[i];
      const Instruction& expected = program.instructions[at];
      ASSERT_EQ(costs.Of(instruction).cycles, costs.Of(expected).cycles) << at;
      ASSERT_EQ(costs.Of(instruction).port_cycles, costs.Of(expected).port_cycles) << at;
      instruction.dram_base = expected.dram_base;
      ASSERT_EQ(instruction, expected) << at;
    }
  }
}

struct OutlineCase {
  const char* machine;
  const char* layer;
  int configs;  ///< a sample of the space; 0: all
};

class OutlineTest : public ::testing::TestWithParam<OutlineCase> {
 protected:
  void SetUp() override {
    const auto named = FindWorkloads(GetParam().layer);
    const Workload layer =
        named.ok() ? named->front() : ParseInlineWorkload(GetParam().layer).value();
    machine_ = FindMachine(*Env::Default(), GetParam().machine).value();
    auto task = VtaTask::Create(machine_, layer);
    ASSERT_TRUE(task.ok()) << task.status().message();
    task_ = std::move(task).value();
  }

  const VtaTask& task() const { return static_cast<const VtaTask&>(*task_); }

  std::vector<Config> Configs() const {
    std::vector<Config> configs;
    Rng rng(kOutlineSeed);
    for (int i = 0; i < GetParam().configs; ++i) configs.push_back(task().space().Sample(rng));
    if (GetParam().configs == 0)
      for (std::uint64_t i = 0; i < task().space().raw_size(); ++i)
        configs.push_back(task().space().AtIndex(i));
    return configs;
  }

  /// The cycles of the whole program, one instruction after the other.
  void Check(const VtaProgram& built) {
    const ProgramOutline& outline = *built.outline();
    const DeviceProgram& program = *built.device_program();
    const CostModel costs(machine_.geometry, machine_.timing);
    ExpectSameInstructions(outline, program, costs);
    const SimulationResult expected = task().Time(program, {});
    const RunResult run = task().Run(built, {.timeout_s = 1e9, .verify = false});
    ASSERT_EQ(run.outcome(), Outcome::kCorrect);
    EXPECT_EQ(run.metrics.at("cycles"), static_cast<double>(expected.cycles));
    EXPECT_EQ(run.seconds.front(), expected.seconds);
    ExpectSameWork(CountWork(machine_.geometry, outline), expected.work);
    ExpectSameBound(BoundProgram(outline, costs), BoundProgram(ProgramOutline::Of(program), costs));
    written_ += outline.program.instructions.size();
    run_ += outline.instructions();
  }

  VtaMachine machine_;
  std::unique_ptr<TargetTask> task_;
  std::size_t written_ = 0;
  std::size_t run_ = 0;
};

TEST_P(OutlineTest, IsTheProgramForAllThatTakesTime) {
  int programs = 0;
  for (const Config& config : Configs()) {
    SCOPED_TRACE("seed " + std::to_string(kOutlineSeed) + ": " + task().space().ToString(config));
    const BuildResult build = task().Build(config);
    if (!build.ok()) continue;
    const auto& built = static_cast<const VtaProgram&>(*build.program);
    if (built.outline() == nullptr) continue;
    Check(built);
    if (HasFailure()) return;
    ++programs;
  }
  EXPECT_GT(programs, 10);
  EXPECT_LT(written_, run_);
}

INSTANTIATE_TEST_SUITE_P(
    Machines, OutlineTest,
    ::testing::Values(OutlineCase{"pynq", "conv2d:1x32x14x14,64,3x3,pad=1", 0},
                      OutlineCase{"tsim", "conv2d:1x32x14x14,64,3x3,pad=1", 0},
                      OutlineCase{"zcu104", "conv2d:1x48x15x9,32,3x3,pad=1,stride=2,bias", 0},
                      OutlineCase{"de10nano", "conv2d:1x64x7x7,64,3x3,pad=1", 0},
                      OutlineCase{"pynq", "dense:4x256,256", 0},
                      OutlineCase{"tsim", "dense:4x256,256,bias", 0},
                      OutlineCase{"pynq", "resnet18.C8", 600},
                      OutlineCase{"tsim", "conv2d:1x128x14x14,128,3x3,pad=1,groups=4", 300},
                      OutlineCase{"axu5evb", "conv2d_transpose:1x64x8x8,64,4x4,pad=1,stride=2",
                                  300},
                      OutlineCase{"pynq-4x8", "conv2d:4x64x14x14,64,3x3,pad=1", 300},
                      OutlineCase{"tsim", "resnet18.C9", 300}));

}  // namespace
}  // namespace foothold::vta
