#include "targets/vta/calibration/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"
#include "targets/vta/compiler/tvm_template.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

vta::VtaMachine Pynq() { return *vta::FindMachine(*Env::Default(), "pynq"); }

double& Figure(vta::Timing& timing, const std::string& name) {
  for (const vta::TimingFigure& figure : vta::TimingFigures()) {
    if (figure.name == name) return figure.In(timing);
  }
  ADD_FAILURE() << "no figure " << name;
  return timing.clock_mhz;
}

/// What a board with the given timing would have measured: `count` random valid schedules of each
/// of three layers.
std::vector<MeasuredSchedule> Measurements(const vta::VtaMachine& board, std::size_t count,
                                           double wall_clock) {
  std::vector<MeasuredSchedule> schedules;
  Rng rng(5);
  vta::Simulator simulator(board.geometry, board.timing);
  for (const Conv2d& conv :
       {Conv2d{1, 64, 14, 14, 64, 3, 3, 1, 1, 1, 1}, Conv2d{1, 64, 28, 28, 128, 1, 1, 0, 0, 2, 2},
        Conv2d{1, 128, 7, 7, 128, 3, 3, 1, 1, 1, 1}}) {
    const Workload workload{"layer", conv, {}};
    const auto space = vta::TvmTemplateSpace(workload, board.geometry);
    for (std::size_t found = 0; found < count;) {
      const std::vector<std::int64_t> values = space->Values(space->Sample(rng));
      const auto program = CompileSchedule(board, workload, values);
      if (!program->has_value()) continue;
      schedules.push_back({workload, values, simulator.RunTiming(**program).seconds, wall_clock});
      ++found;
    }
  }
  return schedules;
}

TEST(CalibrationTest, RecoversTheConstantsOfASimulatedBoard) {
  vta::VtaMachine board = Pynq();
  Figure(board.timing, "host_us_per_instruction") = 0.9;
  Figure(board.timing, "load_wgt.per_burst") = 25;
  for (const char* name : {"load_inp.per_row", "load_wgt.per_row", "load_acc.per_row"})
    Figure(board.timing, name) = 70;
  const auto result = Calibrate(Pynq(), Measurements(board, 6, 1000), HlsCalibration());
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_NEAR(result->values[1], 0.9, 0.02);
  EXPECT_NEAR(result->values[2], 70, 2);
  EXPECT_NEAR(result->values[3], 25, 1);
  EXPECT_LT(result->fit.ninetieth, 0.01);
  EXPECT_LT(result->leave_one_layer_out.ninetieth, 0.02);
}

TEST(CalibrationTest, ASessionWithAnotherBitstreamDoesNotBendTheConstants) {
  vta::VtaMachine board = Pynq();
  Figure(board.timing, "load_wgt.per_burst") = 25;
  std::vector<MeasuredSchedule> schedules = Measurements(board, 5, 1000);
  Figure(board.timing, "alu_imm.per_uop") = 20;
  for (const MeasuredSchedule& schedule : Measurements(board, 5, 1000 + 30 * 86400.0))
    schedules.push_back(schedule);
  const auto result = Calibrate(Pynq(), schedules, HlsCalibration());
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_NEAR(result->values[3], 25, 1);
  ASSERT_EQ(result->session_values.size(), 1U);
  EXPECT_NEAR(result->session_values[0], 20, 0.5);
  EXPECT_EQ(result->timing.alu_imm.per_uop, Pynq().timing.alu_imm.per_uop);
}

TEST(CalibrationTest, IsDeterministic) {
  const auto schedules = Measurements(Pynq(), 4, 0);
  EXPECT_EQ(Calibrate(Pynq(), schedules, HlsCalibration())->values,
            Calibrate(Pynq(), schedules, HlsCalibration())->values);
}

TEST(CalibrationTest, RefusesWhatItCannotFit) {
  const auto schedules = Measurements(Pynq(), 2, 0);
  EXPECT_THAT(Calibrate(Pynq(), {schedules[0]}, HlsCalibration()).status().message(),
              HasSubstr("needs at least 2"));
  EXPECT_THAT(Calibrate(Pynq(), schedules, {{{"x", {"no.such"}}}, {}}).status().message(),
              HasSubstr("\"no.such\""));
  CalibrationOptions many = HlsCalibration();
  many.constants.resize(7, many.constants[0]);
  EXPECT_THAT(Calibrate(Pynq(), schedules, many).status().message(), HasSubstr("must be 1 to 6"));
}

}  // namespace
}  // namespace foothold::vta
