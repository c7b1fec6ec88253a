#pragma once

// What the tests of this module share.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/testing/test_data.h"
#include "foothold/recorded_space.h"

namespace foothold::testing {

/// Four configs of a kernel that never was: one correct, and one for each class of failure.
constexpr std::string_view kSmallCache = R"({
"device_name": "A GPU",
"kernel_name": "blur",
"problem_size": [64, 32],
"tune_params_keys": ["width", "scale", "pad", "layout"],
"tune_params": {"width": [16, 8], "scale": [0.5, 1.0], "pad": [true, false], "layout": ["row"]},
"objective": "time",
"cache": {
"8,0.5,True,row": {"width": 8, "scale": 0.5, "pad": true, "layout": "row", "time": 3.25, "times": [3.0, 3.5], "compile_time": 120.125, "verification_time": 1, "benchmark_time": 7.5, "GFLOP/s": 12.75, "strategy_time": 0, "framework_time": 2.5, "timestamp": "2026-01-02 03:04:05.678901+00:00"},
"16,0.5,True,row": {"width": 16, "scale": 0.5, "pad": true, "layout": "row", "time": "CompilationFailedConfig", "compile_time": 80.5, "verification_time": 0, "benchmark_time": 0, "strategy_time": 0.25, "framework_time": 1.5, "timestamp": "2026-01-02 03:04:06+00:00"},
"16,1.0,True,row": {"width": 16, "scale": 1.0, "pad": true, "layout": "row", "time": "RuntimeFailedConfig", "times": [9.5], "compile_time": 81.5, "verification_time": 0, "benchmark_time": 3, "strategy_time": 0, "framework_time": 1.5, "timestamp": "2026-01-02 03:04:07+00:00"},
"16,1.0,False,row": {"width": 16, "scale": 1.0, "pad": false, "layout": "row", "__error__": "InvalidConfig", "compile_time": 0, "verification_time": 0, "benchmark_time": 0, "strategy_time": 0, "framework_time": 1.5, "timestamp": "2026-01-02 03:04:08+00:00"}}
})";

inline std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

/// Everything but what was lost on the way.
inline void ExpectEqual(const RecordedSpace& a, const RecordedSpace& b) {
  EXPECT_EQ(a.device, b.device);
  EXPECT_EQ(a.kernel, b.kernel);
  EXPECT_EQ(a.problem_size, b.problem_size);
  EXPECT_EQ(a.objective, b.objective);
  EXPECT_EQ(a.units, b.units);
  EXPECT_TRUE(a.parameters == b.parameters);
  EXPECT_TRUE(a.trials == b.trials);
}

}  // namespace foothold::testing
