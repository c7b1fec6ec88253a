// Every valid config of the extended template computes the right result, and its tokens keep the
// units apart: checked on whole spaces of small layers and on samples of larger ones. The sweep of
// studies/micro/extended_bench.cc does the same for as long as one likes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "foothold/rng.h"
#include "targets/vta/testing/program_oracle.h"

namespace foothold::vta {
namespace {

Workload Conv(const std::string& name, const Conv2d& conv, bool bias = false) {
  return {name, conv, {.bias = bias}};
}

void CheckAll(const Workload& workload, int at_least,
              const std::string& machine = "pynq:extended") {
  ProgramOracle(workload, machine).CheckAll(at_least);
}

void CheckSample(const Workload& workload, int valid,
                 const std::string& machine = "pynq:extended") {
  ProgramOracle oracle(workload, machine);
  Rng rng(1);
  for (int tries = 0; oracle.valid() < valid && !::testing::Test::HasFailure(); ++tries) {
    ASSERT_LT(tries, 400 * valid) << workload.name;
    oracle.Check(oracle.space().Sample(rng));
  }
}

TEST(ExtendedTest, EveryConfigOfASmallPaddedLayerIsCorrect) {
  CheckAll(Conv("3x3", {1, 64, 8, 6, 64, 3, 3, 1, 1, 1, 1}), 4000);
}
TEST(ExtendedTest, EveryConfigOfASmallStridedLayerIsCorrect) {
  CheckAll(Conv("3x3s2", {1, 32, 15, 8, 64, 3, 3, 1, 1, 2, 2}, true), 2000);
  CheckAll(Conv("1x1s2", {1, 64, 16, 7, 64, 1, 1, 0, 0, 2, 2}), 3000);
}
TEST(ExtendedTest, EveryConfigOfASmallBatchIsCorrect) {
  CheckAll(Conv("batch", {2, 32, 6, 3, 32, 3, 3, 1, 1, 1, 1}, true), 2500);
}
TEST(ExtendedTest, EveryConfigOfASmallDenseLayerIsCorrect) {
  CheckAll({"dense", Dense{1, 64, 128}, {}}, 700);
  CheckAll({"dense batch", Dense{3, 32, 64}, {.bias = true}}, 900);
}
TEST(ExtendedTest, EveryConfigOfASmallLayerOnTheOtherGeometryIsCorrect) {
  CheckAll(Conv("4x8", {4, 16, 6, 4, 32, 3, 3, 1, 1, 1, 1}, true), 2400, "pynq-4x8:extended");
  CheckAll({"4x8 dense", Dense{8, 16, 32}, {.bias = true}}, 600, "pynq-4x8:extended");
}

// Padding that reaches beyond whole tiles, kernels of one side only, and sizes that leave rows and
// columns unread.
TEST(ExtendedTest, OddShapesAreCorrect) {
  CheckSample(Conv("1x1 pad 3", {1, 64, 7, 7, 64, 1, 1, 3, 3, 2, 2}), 300);
  CheckSample(Conv("1x1 pad 2", {1, 32, 6, 6, 32, 1, 1, 2, 2, 1, 1}, true), 300);
  CheckSample(Conv("5x5", {1, 32, 9, 9, 32, 5, 5, 2, 2, 1, 1}), 300);
  CheckSample(Conv("7x7", {1, 32, 12, 12, 32, 7, 7, 3, 3, 2, 2}, true), 300);
  CheckSample(Conv("1x7", {1, 32, 6, 14, 32, 1, 7, 0, 3, 1, 1}), 300);
  CheckSample(Conv("7x1", {1, 32, 14, 6, 32, 7, 1, 3, 0, 1, 1}), 300);
  CheckSample(Conv("3x3 valid", {1, 32, 10, 14, 32, 3, 3, 0, 0, 1, 1}), 300);
  CheckSample(Conv("wide", {1, 32, 2, 128, 32, 3, 3, 1, 1, 1, 1}), 300);
  CheckSample(Conv("3x3s3", {2, 32, 11, 13, 32, 3, 3, 1, 1, 3, 3}), 300);
}

TEST(ExtendedTest, SamplesOfMediumLayersAreCorrect) {
  CheckSample(Conv("3x3", {1, 64, 14, 14, 64, 3, 3, 1, 1, 1, 1}), 400);
  CheckSample(Conv("3x3s2", {1, 64, 28, 28, 64, 3, 3, 1, 1, 2, 2}, true), 400);
  CheckSample(Conv("1x1", {1, 128, 14, 14, 128, 1, 1, 0, 0, 1, 1}), 400);
  CheckSample(Conv("1x1s2", {1, 128, 28, 28, 64, 1, 1, 0, 0, 2, 2}), 400);
  CheckSample({"dense", Dense{4, 512, 256}, {}}, 200);
}
TEST(ExtendedTest, SamplesOnTheOtherGeometryAreCorrect) {
  CheckSample(Conv("4x8 3x3", {8, 32, 12, 12, 64, 3, 3, 1, 1, 1, 1}, true), 200,
              "pynq-4x8:extended");
  CheckSample(Conv("4x8 1x1s2", {4, 64, 14, 14, 64, 1, 1, 0, 0, 2, 2}), 200, "pynq-4x8:extended");
}
TEST(ExtendedTest, SamplesOfEveryNetworkLayerAreCorrect) {
  for (const char* network : {"resnet18", "deepbench"}) {
    const auto layers = FindWorkloads(network);
    for (const Workload& layer : *layers) CheckSample(layer, 8);
  }
}

TEST(ExtendedTest, TheTargetsNameChoosesTheTemplate) {
  const auto machine = FindMachine(*Env::Default(), "pynq:extended");
  ASSERT_TRUE(machine.ok());
  EXPECT_EQ(machine->schedules, &ExtendedTemplate());
  EXPECT_EQ(MakeVtaTarget(*machine)->name(), "vta:pynq:extended");
  EXPECT_EQ(FindMachine(*Env::Default(), "pynq")->schedules, &TvmTemplate());
  EXPECT_EQ(FindMachine(*Env::Default(), "pink:extended").status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace foothold::vta
