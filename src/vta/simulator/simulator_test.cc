#include "vta/simulator/simulator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"
#include "vta/simulator/testing/naive_machine.h"
#include "vta/simulator/testing/random_program.h"

namespace foothold::vta {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

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

class SimulatorPropertyTest : public testing::TestWithParam<MachineCase> {
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
    testing::Values(MachineCase{"default_scalar", Geometry{}, GemmKernelKind::kScalar},
                    MachineCase{"default_avx2", Geometry{}, GemmKernelKind::kAvx2},
                    MachineCase{"default_vnni", Geometry{}, GemmKernelKind::kAvx512Vnni},
                    MachineCase{"wide_scalar", Wide(), GemmKernelKind::kScalar},
                    MachineCase{"wide_avx2", Wide(), GemmKernelKind::kAvx2},
                    MachineCase{"wide_vnni", Wide(), GemmKernelKind::kAvx512Vnni}),
    [](const testing::TestParamInfo<MachineCase>& c) { return std::string(c.param.name); });

TEST(SimulatorTest, AnEmptyProgramHasNoFinish) {
  Simulator simulator(Geometry{}, Pynq());
  EXPECT_EQ(simulator.Run({}, {}).outcome, SimulationOutcome::kNoFinish);
}

}  // namespace
}  // namespace foothold::vta
