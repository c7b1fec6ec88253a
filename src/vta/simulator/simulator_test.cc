#include "vta/simulator/simulator.h"

#include <gtest/gtest.h>

namespace foothold::vta {
namespace {

TEST(SimulatorTest, AnEmptyProgramHasNoFinish) {
  Simulator simulator(Geometry{}, FindTiming("pynq").value());
  EXPECT_EQ(simulator.Run({}, {}).outcome, SimulationOutcome::kNoFinish);
}

}  // namespace
}  // namespace foothold::vta
