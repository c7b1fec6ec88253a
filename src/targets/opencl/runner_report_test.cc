#include "targets/opencl/runner_report.h"

#include <gtest/gtest.h>

namespace foothold::opencl {
namespace {

TEST(RunnerReport, IsTheLastLineWhateverAKernelPrints) {
  const auto report = ParseRunnerReport(
      "printf from a kernel {}\n{\"seconds\": [0.5, 0.25], \"metrics\": {\"kernel.local_bytes\": "
      "64}}\n");
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(report->seconds, (std::vector<double>{0.5, 0.25}));
  EXPECT_EQ(report->metrics, (Metrics{{"kernel.local_bytes", 64}}));
  EXPECT_FALSE(report->failure);
}

TEST(RunnerReport, AFailureHasTheCompilersFirstError) {
  const auto report = ParseRunnerReport(
      R"({"failure": {"outcome": "compile", "stage": "clBuildProgram",)"
      R"( "reason": "CL_BUILD_PROGRAM_FAILURE (-11)\nwarning: a\nerror: k.cl:3: b\nerror: c"}})");
  ASSERT_TRUE(report.ok()) << report.status().message();
  ASSERT_TRUE(report->failure);
  EXPECT_EQ(report->failure->outcome, Outcome::kCompile);
  EXPECT_EQ(report->failure->stage, "clBuildProgram");
  EXPECT_EQ(report->failure->reason, "error: k.cl:3: b");
  EXPECT_EQ(ParseRunnerReport(R"({"unavailable": "no device"})")->unavailable, "no device");
}

TEST(RunnerReport, Devices) {
  const auto report = ParseRunnerReport(
      R"({"devices": [{"platform": 1, "device": 2, "platform_name": "P", "name": "D",)"
      R"( "version": "OpenCL 3.0", "driver": "3.1", "compute_units": 8, "max_work_group": 4096,)"
      R"( "max_work_items": [4096, 64, 18446744073709551615], "local_bytes": 65536}]})");
  ASSERT_TRUE(report.ok()) << report.status().message();
  ASSERT_EQ(report->devices.size(), 1u);
  EXPECT_EQ(report->devices[0].name, "D");
  EXPECT_EQ(report->devices[0].max_work_items[1], 64);
  EXPECT_EQ(report->devices[0].max_work_items[2], 9223372036854775807);
}

TEST(RunnerReport, AnythingElseIsNone) {
  for (const char* out :
       {"", "\n", "stopped", "[1]", R"({"seconds": []})", R"({"seconds": [0]})",
        R"({"seconds": [1], "more": 1})", R"({"failure": {"outcome": "correct"}})",
        R"({"failure": {"outcome": "runtime"}})", R"({"devices": [{}]})"}) {
    EXPECT_FALSE(ParseRunnerReport(out).ok()) << out;
  }
}

}  // namespace
}  // namespace foothold::opencl
