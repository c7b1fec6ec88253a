#include <gmock/gmock.h>

#include "formats/testing.h"

namespace foothold::formats {
namespace {

using foothold::testing::ExpectEqual;
using foothold::testing::Replaced;
using ::testing::ElementsAre;

constexpr std::string_view kKtt = R"({"Metadata": {"ComputeApi": "CUDA", "GlobalSizeType": "CUDA",
  "Platform": "NVIDIA CUDA", "Device": "A GPU", "KttVersion": "2.2", "Timestamp": "2026-01-02",
  "TimeUnit": "Microseconds"},
"Results": [
{"KernelName": "blur", "Status": "Ok", "TotalDuration": 500.0, "TotalOverhead": 90, "ExtraDuration": 0,
 "DataMovementOverhead": 1000, "ValidationOverhead": 2000, "SearcherOverhead": 3000,
 "CompilationOverhead": 4000, "ProfilingOverhead": 500,
 "Configuration": [{"Name": "W", "ValueType": "UnsignedInt", "Value": 16},
                   {"Name": "MODE", "ValueType": "String", "Value": "fast"}],
 "ComputationResults": [{"KernelFunction": "blur", "Duration": 500, "Overhead": 9,
   "CompilationData": {"MaxWorkGroupSize": 1024, "RegistersCount": 32}, "ProfilingData": {"Counters": []}}]},
{"KernelName": "blur", "Status": "ComputationFailed", "TotalDuration": 0,
 "Configuration": [{"Name": "W", "ValueType": "UnsignedInt", "Value": 8},
                   {"Name": "MODE", "ValueType": "String", "Value": "fast"}],
 "ComputationResults": []},
{"KernelName": "blur", "Status": "ValidationFailed",
 "Configuration": [{"Name": "W", "ValueType": "UnsignedInt", "Value": 4},
                   {"Name": "MODE", "ValueType": "String", "Value": "fast"}],
 "ComputationResults": []}
]})";

RecordedSpace ParsedKtt(std::string_view text) {
  Result<RecordedSpace> space = ParseKtt(text, "ktt.json");
  EXPECT_TRUE(space.ok()) << space.status().message();
  return *std::move(space);
}

std::string KttComplaint(std::string_view from, std::string_view to) {
  const auto space = ParseKtt(Replaced(std::string(kKtt), from, to), "ktt.json");
  EXPECT_FALSE(space.ok());
  return space.status().message();
}

TEST(Ktt, ReadsWhatRan) {
  const RecordedSpace space = ParsedKtt(kKtt);
  EXPECT_EQ(space.device, "A GPU");
  EXPECT_EQ(space.kernel, "blur");
  ASSERT_EQ(space.parameters.size(), 2U);
  EXPECT_EQ(space.parameters[1].name, "MODE");
  ASSERT_EQ(space.trials.size(), 3U);
  const RecordedTrial& first = space.trials[0];
  EXPECT_THAT(first.config.choices, ElementsAre(2, 0)) << "values in ascending order";
  EXPECT_EQ(first.objective, 0.5);
  EXPECT_THAT(first.times_ms, ElementsAre(0.5));
  EXPECT_EQ(first.framework_ms, 1.5);
  EXPECT_EQ(first.verify_ms, 2);
  EXPECT_EQ(first.search_ms, 3);
  EXPECT_EQ(first.compile_ms, 4);
  EXPECT_EQ(first.metrics, (Metrics{{"blur.MaxWorkGroupSize", 1024}, {"blur.RegistersCount", 32}}));
  EXPECT_THAT(space.lost, ElementsAre("the profiling counters of 1 computations are left out"));
}

TEST(Ktt, ReadsWhatFailed) {
  const RecordedSpace space = ParsedKtt(kKtt);
  EXPECT_EQ(space.trials[1].outcome, Outcome::kRuntime);
  EXPECT_EQ(space.trials[1].failure, "ComputationFailed");
  EXPECT_TRUE(space.trials[1].times_ms.empty());
  EXPECT_EQ(space.trials[1].objective, std::nullopt);
  EXPECT_EQ(space.trials[2].outcome, Outcome::kCorrectness);
  const RecordedSpace other =
      ParsedKtt(Replaced(std::string(kKtt), "\"ComputationFailed\"", "\"DeviceLimitsExceeded\""));
  EXPECT_EQ(other.trials[1].outcome, Outcome::kRuntime);
}

TEST(Ktt, BecomesTheGoldenT4File) {
  const RecordedSpace space = ParsedKtt(kKtt);
  const std::string text = WriteT4(space).text;
  EXPECT_EQ(text, foothold::testing::ProjectFile("src/formats/testdata/ktt_as_t4.golden"));
  ExpectEqual(*ParseT4(text, "t4.json"), space);
}

TEST(Ktt, NamesFileLineAndFieldOfWhatIsWrong) {
  EXPECT_EQ(KttComplaint("\"Ok\"", "\"Fine\""),
            "ktt.json:5: Results[0].Status: is \"Fine\", must be Ok, CompilationFailed, "
            "ComputationFailed, DeviceLimitsExceeded or ValidationFailed");
  EXPECT_EQ(KttComplaint("\"TotalDuration\": 500.0,", ""),
            "ktt.json:5: Results[0].TotalDuration: is missing");
  EXPECT_EQ(KttComplaint("Microseconds", "Days"),
            "ktt.json:3: Metadata.TimeUnit: is \"Days\", must be Nanoseconds, Microseconds, "
            "Milliseconds or Seconds");
  EXPECT_EQ(KttComplaint("\"Name\": \"MODE\"", "\"Name\": \"W\""),
            "ktt.json:9: Results[0].Configuration[1].Name: is there again");
  EXPECT_EQ(
      KttComplaint("\"W\", \"ValueType\": \"UnsignedInt\", \"Value\": 8", "\"V\", \"Value\": 8"),
      "ktt.json:13: Results[1].Configuration[0].Name: is \"V\", must be \"W\" as before");
  EXPECT_EQ(KttComplaint("{\"KernelName\": \"blur\", \"Status\": \"ValidationFailed\"",
                         "{\"KernelName\": \"sharpen\", \"Status\": \"ValidationFailed\""),
            "ktt.json:16: Results[2].KernelName: is \"sharpen\", must be \"blur\" as before");
}

}  // namespace
}  // namespace foothold::formats
