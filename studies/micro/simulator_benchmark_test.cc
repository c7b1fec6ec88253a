#include "studies/micro/simulator_benchmark.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace foothold::studies {
namespace {

TEST(SimulatorBenchmarkTest, MeasuresEveryLayerItIsGiven) {
  const auto machine = vta::FindMachine(*Env::Default(), "pynq");
  const std::vector<Workload> workloads = {{"a", Conv2d{1, 32, 6, 6, 32, 3, 3, 1, 1, 1, 1}, {}},
                                           {"b", Dense{1, 64, 64}, {}}};
  const auto rows = RunSimulatorBenchmark(*machine, workloads, {.max_configs = 5});
  ASSERT_TRUE(rows.ok()) << rows.status().message();
  ASSERT_EQ(rows->size(), 2U);
  for (const auto& row : *rows) {
    EXPECT_GT(row.valid, 0U);
    EXPECT_LE(row.measured, 5U);
    EXPECT_GT(row.verify_per_second, 0);
    EXPECT_GT(row.ns_per_gemm_op_loop_nest, 0);
  }
  EXPECT_EQ(rows->at(0).gemm_ops, 6 * 6 * 9 * 2 * 2);
  EXPECT_EQ(base::Json::Parse(ToPage(*rows).ToJson()).value()["data"].size(), 2U);
}

TEST(SimulatorBenchmarkTest, AWorkloadTheMachineCannotTakeIsAnError) {
  const auto machine = vta::FindMachine(*Env::Default(), "pynq");
  const Workload workload = ParseInlineWorkload("dense:1x16,16,float32").value();
  const auto rows = RunSimulatorBenchmark(*machine, {workload}, {});
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace foothold::studies
