#include <gmock/gmock.h>

#include "formats/testing.h"

namespace foothold::formats {
namespace {

using foothold::testing::ExpectEqual;
using foothold::testing::kSmallCache;
using foothold::testing::Replaced;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// As the hub writes it: compilation, a class's name as the objective, a misspelt unit.
constexpr std::string_view kHub = R"({"schema_version": "1.0.0",
"metadata": {"timeunit": "miliseconds"},
"results": [
{"timestamp": "t0", "configuration": {"w": 16, "a": "x"}, "objectives": ["time"],
 "times": {"compilation": 10.5, "framework": 1, "search_algorithm": 2, "validation": 3, "runtimes": [4, 5]},
 "invalidity": "correct", "correctness": 1,
 "measurements": [{"name": "time", "value": 4.5, "unit": "ms"}, {"name": "power", "value": 7}]},
{"timestamp": "t1", "configuration": {"a": "x", "w": 8}, "objectives": ["time"],
 "times": {"compilation_time": 11.5}, "invalidity": "timeout", "correctness": 0,
 "measurements": [{"name": "time", "value": "RuntimeFailedConfig", "unit": ""}]}
]})";

RecordedSpace ParsedT4(std::string_view text) {
  Result<RecordedSpace> space = ParseT4(text, "t4.json");
  EXPECT_TRUE(space.ok()) << space.status().message();
  return *std::move(space);
}

std::string T4Complaint(std::string_view from, std::string_view to) {
  const auto space = ParseT4(Replaced(std::string(kHub), from, to), "t4.json");
  EXPECT_FALSE(space.ok());
  return space.status().message();
}

TEST(T4, ReadsWhatTheHubWrites) {
  const RecordedSpace space = ParsedT4(kHub);
  ASSERT_EQ(space.parameters.size(), 2U);
  EXPECT_EQ(space.parameters[0].name, "w") << "the order of the first configuration";
  EXPECT_THAT(space.parameters[0].values,
              ElementsAre(ParameterValue(std::int64_t{8}), ParameterValue(std::int64_t{16})));
  ASSERT_EQ(space.trials.size(), 2U);
  const RecordedTrial& first = space.trials[0];
  EXPECT_THAT(first.config.choices, ElementsAre(1, 0));
  EXPECT_EQ(first.outcome, Outcome::kCorrect);
  EXPECT_EQ(first.objective, 4.5);
  EXPECT_THAT(first.times_ms, ElementsAre(4, 5));
  EXPECT_EQ(first.compile_ms, 10.5);
  EXPECT_EQ(first.framework_ms, 1);
  EXPECT_EQ(first.search_ms, 2);
  EXPECT_EQ(first.verify_ms, 3);
  EXPECT_EQ(first.metrics, (Metrics{{"power", 7}}));
  EXPECT_EQ(space.units, (std::map<std::string, std::string>{{"time", "ms"}}));
  EXPECT_EQ(space.trials[1].outcome, Outcome::kTimeout);
  EXPECT_EQ(space.trials[1].compile_ms, 11.5);
  EXPECT_EQ(space.trials[1].failure, "RuntimeFailedConfig");
}

TEST(T4, ReadsOtherUnits) {
  const RecordedSpace space = ParsedT4(Replaced(std::string(kHub), "miliseconds", "seconds"));
  EXPECT_EQ(space.trials[0].compile_ms, 10500);
  EXPECT_EQ(space.trials[0].objective, 4.5) << "has a unit of its own";
}

TEST(T4, WritesTheGoldenFileWhichReadsBack) {
  const auto space = ParseKernelTunerCache(kSmallCache, "cache.json");
  const WrittenSpace written = WriteT4(*space);
  EXPECT_EQ(written.text, foothold::testing::ProjectFile("src/formats/testdata/t4.golden"));
  EXPECT_THAT(written.lost, IsEmpty());
  ExpectEqual(*space, ParsedT4(written.text));
}

TEST(T4, WritesEveryOutcome) {
  RecordedSpace space = *ParseKernelTunerCache(kSmallCache, "cache.json");
  const RecordedTrial failed = space.trials[1];
  for (const Outcome outcome : {Outcome::kConstraints, Outcome::kCompile, Outcome::kRuntime,
                                Outcome::kTimeout, Outcome::kCorrectness}) {
    space.trials.push_back(failed);
    space.trials.back().outcome = outcome;
    space.trials.back().failure = "";
  }
  ExpectEqual(space, ParsedT4(WriteT4(space).text));
}

TEST(T4, NamesFileLineAndFieldOfWhatIsWrong) {
  EXPECT_THAT(T4Complaint("\"timeout\"", "\"late\""),
              ::testing::StartsWith("t4.json:9: results[1].invalidity: unknown outcome \"late\""));
  EXPECT_EQ(T4Complaint("\"w\": 8", "\"v\": 8"),
            "t4.json:8: results[1].configuration.w: is missing");
  EXPECT_EQ(T4Complaint("\"w\": 8", "\"w\": 8, \"v\": 8"),
            "t4.json:8: results[1].configuration.v: is unknown; the fields are w, a");
  EXPECT_EQ(
      T4Complaint("\"w\": 8", "\"w\": [8]"),
      "t4.json:8: results[1].configuration.w: is an array, must be a number, a truth value or "
      "a text");
  EXPECT_EQ(T4Complaint("4.5", "\"4.5\""),
            "t4.json:4: results[0]: is correct, so its measurements must hold a number \"time\"");
  EXPECT_EQ(T4Complaint("[4, 5]", "[4, -5]"),
            "t4.json:5: results[0].times.runtimes[1]: is -5, must be a time of at least 0");
  EXPECT_EQ(T4Complaint("[\"time\"]", "[\"time\", \"power\"]"),
            "t4.json:4: results[0].objectives: holds 2 objectives, must hold one");
  EXPECT_EQ(T4Complaint("[\"time\"]", "[\"power\"]"),
            "t4.json:8: results[1].objectives[0]: is \"time\", must be \"power\" as before");
  EXPECT_EQ(T4Complaint("miliseconds", "years"),
            "t4.json:2: metadata.timeunit: is \"years\", must be nanoseconds, microseconds, "
            "milliseconds or seconds");
}

// The hub's T4 file and its cache of the same space say the same, apart from what T4 leaves out.
TEST(T4, AgreesWithTheHubsCache) {
  const std::string name = foothold::testing::DataDirectory() + "/spaces/convolution_milo_A6000";
  if (!Env::Default()->FileExists(name + "_T4.json.gz")) {
    GTEST_SKIP() << "needs " << name << "_T4.json.gz (set FOOTHOLD_DATA)";
  }
  const auto t4 = ReadRecordedSpace(*Env::Default(), name + "_T4.json.gz");
  const auto cache = ReadRecordedSpace(*Env::Default(), name + ".json.gz");
  ASSERT_TRUE(t4.ok()) << t4.status().message();
  ASSERT_TRUE(cache.ok()) << cache.status().message();
  ASSERT_EQ(t4->trials.size(), cache->trials.size());
  std::map<std::vector<ParameterValue>, const RecordedTrial*> trial_of;
  const auto values = [](const RecordedSpace& space, const Config& config) {
    std::vector<ParameterValue> row;
    for (std::size_t i = 0; i < space.parameters.size(); ++i) {
      row.push_back(space.parameters[i].values[config.choices[i]]);
    }
    return row;
  };
  for (const RecordedTrial& trial : cache->trials) trial_of[values(*cache, trial.config)] = &trial;
  for (const RecordedTrial& trial : t4->trials) {
    const RecordedTrial& other = *trial_of.at(values(*t4, trial.config));
    EXPECT_EQ(trial.outcome, other.outcome);
    EXPECT_EQ(trial.objective, other.objective);
    EXPECT_EQ(trial.times_ms, other.times_ms);
    EXPECT_EQ(trial.compile_ms, other.compile_ms);
    EXPECT_EQ(trial.failure, other.failure);
  }
  ExpectEqual(*t4, ParsedT4(WriteT4(*t4).text));
}

}  // namespace
}  // namespace foothold::formats
