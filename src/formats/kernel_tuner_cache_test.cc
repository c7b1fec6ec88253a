#include <gmock/gmock.h>

#include "formats/testing.h"

namespace foothold::formats {
namespace {

using foothold::testing::ExpectEqual;
using foothold::testing::kSmallCache;
using foothold::testing::Replaced;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

RecordedSpace ParsedCache(std::string_view text) {
  Result<RecordedSpace> space = ParseKernelTunerCache(text, "cache.json");
  EXPECT_TRUE(space.ok()) << space.status().message();
  return *std::move(space);
}

std::string CacheComplaint(std::string_view from, std::string_view to) {
  const auto space =
      ParseKernelTunerCache(Replaced(std::string(kSmallCache), from, to), "cache.json");
  EXPECT_FALSE(space.ok());
  return space.status().message();
}

TEST(KernelTunerCache, ReadsTheSpace) {
  const RecordedSpace space = ParsedCache(kSmallCache);
  EXPECT_EQ(space.device, "A GPU");
  EXPECT_EQ(space.kernel, "blur");
  EXPECT_EQ(space.problem_size, "[64,32]");
  ASSERT_EQ(space.parameters.size(), 4U);
  EXPECT_EQ(space.parameters[0].name, "width");
  EXPECT_THAT(space.parameters[0].values,
              ElementsAre(ParameterValue(std::int64_t{16}), ParameterValue(std::int64_t{8})));
  EXPECT_THAT(space.parameters[2].values, ElementsAre(ParameterValue(true), ParameterValue(false)));
  EXPECT_THAT(space.lost, IsEmpty());
}

TEST(KernelTunerCache, ReadsTheEntriesInTheirOrder) {
  const std::vector<RecordedTrial> trials = ParsedCache(kSmallCache).trials;
  ASSERT_EQ(trials.size(), 4U);
  const RecordedTrial& first = trials[0];
  EXPECT_THAT(first.config.choices, ElementsAre(1, 0, 0, 0));
  EXPECT_EQ(first.outcome, Outcome::kCorrect);
  EXPECT_EQ(first.objective, 3.25);
  EXPECT_THAT(first.times_ms, ElementsAre(3.0, 3.5));
  EXPECT_EQ(first.compile_ms, 120.125);
  EXPECT_EQ(first.verify_ms, 1);
  EXPECT_EQ(first.benchmark_ms, 7.5);
  EXPECT_EQ(first.framework_ms, 2.5);
  EXPECT_EQ(first.metrics, (Metrics{{"GFLOP/s", 12.75}}));
  EXPECT_EQ(first.timestamp, "2026-01-02 03:04:05.678901+00:00");
  EXPECT_EQ(trials[1].outcome, Outcome::kCompile);
  EXPECT_EQ(trials[1].search_ms, 0.25);
  EXPECT_EQ(trials[2].outcome, Outcome::kRuntime);
  EXPECT_THAT(trials[2].times_ms, ElementsAre(9.5));
  EXPECT_EQ(trials[2].failure, "RuntimeFailedConfig");
  EXPECT_EQ(trials[3].outcome, Outcome::kConstraints);
  EXPECT_EQ(trials[3].objective, std::nullopt);
}

TEST(KernelTunerCache, WritesTheGoldenFileWhichReadsBack) {
  const RecordedSpace space = ParsedCache(kSmallCache);
  const WrittenSpace written = WriteKernelTunerCache(space);
  EXPECT_EQ(written.text,
            foothold::testing::ProjectFile("src/formats/testdata/kernel_tuner_cache.golden"));
  EXPECT_THAT(written.lost, IsEmpty());
  ExpectEqual(space, ParsedCache(written.text));
}

TEST(KernelTunerCache, SaysWhatItCannotWrite) {
  RecordedSpace space = ParsedCache(kSmallCache);
  space.trials[1].outcome = Outcome::kTimeout;
  space.trials[1].failure = "";
  space.trials[2].failure = "jit";
  space.trials.push_back(space.trials[0]);
  space.trials[0].metrics["width"] = 1;
  space.units["time"] = "ms";
  const WrittenSpace written = WriteKernelTunerCache(space);
  EXPECT_THAT(
      written.lost,
      ElementsAre("1 trials of a config that is there again are left out",
                  "1 timeouts and wrong answers are written as RuntimeFailedConfig",
                  "1 words for failures are replaced by the names of Kernel Tuner's classes",
                  "1 metrics whose names are taken are left out",
                  "1 units of measurements are left out"));
  const RecordedSpace again = ParsedCache(written.text);
  ASSERT_EQ(again.trials.size(), 4U);
  EXPECT_EQ(again.trials[1].outcome, Outcome::kRuntime);
}

TEST(KernelTunerCache, ClosesACacheThatIsBeingWritten) {
  const RecordedSpace whole = ParsedCache(kSmallCache);
  std::string text(kSmallCache.substr(0, kSmallCache.rfind("}\n}")));
  ExpectEqual(ParsedCache(text + ",\n"), whole);
  text = kSmallCache.substr(0, kSmallCache.find("\"8,0.5"));
  EXPECT_THAT(ParsedCache(text).trials, IsEmpty());
  EXPECT_THAT(ParsedCache(text).parameters, ::testing::SizeIs(4));
}

TEST(KernelTunerCache, NamesFileLineAndFieldOfWhatIsWrong) {
  EXPECT_EQ(CacheComplaint(R"("width": 8,)", R"("width": 9,)"),
            "cache.json:9: cache[\"8,0.5,True,row\"].width: is 9, which tune_params.width does not "
            "list");
  EXPECT_EQ(CacheComplaint(R"("width": 8,)", R"("width": 16,)"),
            "cache.json:9: cache[\"8,0.5,True,row\"]: has the settings 16,0.5,True,row, which must "
            "be its key; one of them is wrong");
  EXPECT_EQ(CacheComplaint("\"CompilationFailedConfig\"", "\"Oops\""),
            "cache.json:10: cache[\"16,0.5,True,row\"].time: is \"Oops\", must be InvalidConfig, "
            "CompilationFailedConfig or RuntimeFailedConfig");
  EXPECT_EQ(CacheComplaint(R"("time": 3.25, )", ""),
            "cache.json:9: cache[\"8,0.5,True,row\"]: must have a \"time\", the objective, or an "
            "\"__error__\"");
  EXPECT_EQ(CacheComplaint("120.125", "-1"),
            "cache.json:9: cache[\"8,0.5,True,row\"].compile_time: is -1, must be a time of at "
            "least 0");
  EXPECT_EQ(CacheComplaint(R"([16, 8])", R"([16, 16])"),
            "cache.json:6: tune_params.width[1]: is there again, values must differ");
  EXPECT_EQ(CacheComplaint(R"("objective")", R"("schema_version": "2.0.0", "objective")"),
            "cache.json:7: schema_version: is \"2.0.0\", must be a version 1");
}

TEST(KernelTunerCache, CountsFieldsThatAreNoNumbers) {
  const RecordedSpace space = ParsedCache(Replaced(std::string(kSmallCache), R"("GFLOP/s": 12.75)",
                                                   R"("GFLOP/s": 12.75, "who": "me")"));
  EXPECT_THAT(space.lost, ElementsAre("the field who of 1 entries is no number and is left out"));
}

// The hub's caches: counts of docs/results/protocol.md#recorded-spaces, and every digit again after
// writing and reading.
TEST(KernelTunerCache, ReadsTheHubsFiles) {
  const std::string file =
      foothold::testing::DataDirectory() + "/spaces/convolution_milo_A6000.json.gz";
  if (!Env::Default()->FileExists(file)) GTEST_SKIP() << "needs " << file << " (set FOOTHOLD_DATA)";
  const auto space = ReadRecordedSpace(*Env::Default(), file);
  ASSERT_TRUE(space.ok()) << space.status().message();
  EXPECT_EQ(space->trials.size(), 4362U);
  std::map<Outcome, int> outcomes;
  for (const RecordedTrial& trial : space->trials) ++outcomes[trial.outcome];
  EXPECT_EQ(outcomes,
            (std::map<Outcome, int>{
                {Outcome::kCorrect, 3889}, {Outcome::kRuntime, 221}, {Outcome::kCompile, 252}}));
  const WrittenSpace written = WriteKernelTunerCache(*space);
  EXPECT_THAT(written.lost, IsEmpty());
  ExpectEqual(*space, ParsedCache(written.text));
}

}  // namespace
}  // namespace foothold::formats
