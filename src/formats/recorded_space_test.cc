#include "foothold/recorded_space.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>

#include "formats/gzip.h"
#include "formats/testing.h"

namespace foothold::formats {
namespace {

using foothold::testing::kSmallCache;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// "hello\n" by gzip 1.12.
constexpr unsigned char kHello[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                    0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 0x02, 0x00,
                                    0x20, 0x30, 0x3a, 0x36, 0x06, 0x00, 0x00, 0x00};

std::string Hello() { return {reinterpret_cast<const char*>(kHello), sizeof(kHello)}; }

TEST(Gzip, ReadsAFile) {
  EXPECT_TRUE(IsGzip(Hello()));
  EXPECT_FALSE(IsGzip("{"));
  EXPECT_EQ(*Gunzip(Hello(), "a.gz"), "hello\n");
}

TEST(Gzip, NamesADamagedFileWhereverItIsCutOrChanged) {
  for (std::size_t size = 2; size < Hello().size(); ++size) {
    const auto text = Gunzip(Hello().substr(0, size), "a.gz");
    ASSERT_FALSE(text.ok()) << size;
    EXPECT_EQ(text.status().code(), StatusCode::kDataLoss);
    EXPECT_THAT(text.status().message(), HasSubstr("a.gz: the gzip data is damaged or torn"));
  }
  std::string changed = Hello();
  changed[12] ^= 1;
  EXPECT_FALSE(Gunzip(changed, "a.gz").ok());
  EXPECT_FALSE(Gunzip(Hello() + "x", "a.gz").ok());
}

TEST(ParseT4, KeepsTheOrderOfParametersInTheFirstConfiguration) {
  constexpr std::string_view kText =
      R"({"results": [{"configuration": {"z": 1, "b": 0.5, "a": true}, "invalidity": "timeout", "times": {}}]})";
  const auto space = ParseT4(kText, "t4.json");
  ASSERT_TRUE(space.ok()) << space.status().message();
  std::vector<std::string> names;
  for (const RecordedParameter& parameter : space->parameters) names.push_back(parameter.name);
  EXPECT_THAT(names, ElementsAre("z", "b", "a"));
}

class ReadRecordedSpaceTest : public ::testing::Test {
 protected:
  ReadRecordedSpaceTest() {
    std::string name = (std::filesystem::temp_directory_path() / "recorded_test.XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ReadRecordedSpaceTest() override { std::filesystem::remove_all(folder_); }

  Result<RecordedSpace> Read(std::string_view text) {
    const std::string path = folder_ + "/space.json";
    EXPECT_TRUE(Env::Default()->WriteFileAtomically(path, text).ok());
    return ReadRecordedSpace(*Env::Default(), path);
  }

 private:
  std::string folder_;
};

TEST_F(ReadRecordedSpaceTest, FindsTheFormat) {
  const auto cache = Read(kSmallCache);
  ASSERT_TRUE(cache.ok()) << cache.status().message();
  EXPECT_EQ(cache->trials.size(), 4U);
  const auto t4 = Read(WriteT4(*cache).text);
  ASSERT_TRUE(t4.ok()) << t4.status().message();
  foothold::testing::ExpectEqual(*cache, *t4);
  const auto ktt = Read(R"({"Metadata": {"TimeUnit": "Seconds"}, "Results": []})");
  ASSERT_TRUE(ktt.ok()) << ktt.status().message();
  EXPECT_TRUE(Read(kSmallCache.substr(0, kSmallCache.find("\"8,0.5"))).ok()) << "an open cache";
  EXPECT_THAT(Read("{}").status().message(),
              HasSubstr("has no cache (Kernel Tuner), results (T4) or Results (KTT)"));
  EXPECT_THAT(Read(Hello()).status().message(), HasSubstr("space.json:1:"));
}

LogContents SomeLog() {
  RunLog run;
  run.header.target = "vta:pynq";
  run.header.workload = FindWorkloads("resnet18.C8")->front();
  run.header.parameters = {{"a", {1, 2}}};
  TrialRecord correct;
  correct.measurement.config.choices = {1};
  correct.measurement.seconds = {0.25, 0.75};
  correct.measurement.build_seconds = 2;
  correct.measurement.metrics = {{"cycles", 5}};
  TrialRecord failed;
  failed.trial = 1;
  failed.measurement.config.choices = {0};
  failed.measurement.failure = {Outcome::kTimeout, "run", ""};
  run.trials = {correct, failed};
  LogContents log;
  log.runs = {run};
  return log;
}

TEST(ToRecordedSpace, TakesTheTrialsOfALog) {
  const auto space = ToRecordedSpace(SomeLog(), "a.jsonl");
  ASSERT_TRUE(space.ok()) << space.status().message();
  EXPECT_EQ(space->device, "vta:pynq");
  ASSERT_EQ(space->trials.size(), 2U);
  EXPECT_EQ(space->trials[0].objective, 500);
  EXPECT_THAT(space->trials[0].times_ms, ElementsAre(250, 750));
  EXPECT_EQ(space->trials[0].compile_ms, 2000);
  EXPECT_EQ(space->trials[1].outcome, Outcome::kTimeout);
  EXPECT_EQ(space->trials[1].failure, "run");
  foothold::testing::ExpectEqual(*space, *ParseT4(WriteT4(*space).text, "t4.json"));
}

TEST(ToRecordedSpace, RefusesRunsOfDifferentThings) {
  LogContents log = SomeLog();
  log.runs.push_back(log.runs[0]);
  log.runs[1].run = 2;
  EXPECT_EQ(ToRecordedSpace(log, "a.jsonl")->trials.size(), 4U);
  log.runs[1].header.target = "vta:zcu";
  EXPECT_EQ(ToRecordedSpace(log, "a.jsonl").status().message(),
            "a.jsonl: run 2 has another target than run 1, and a recorded space is of one");
  EXPECT_EQ(ToRecordedSpace({}, "a.jsonl").status().message(), "a.jsonl: holds no run");
}

TEST(LooksLikeRecordedSpace, TellsTheFormatsFromLogs) {
  EXPECT_TRUE(LooksLikeRecordedSpace(kSmallCache));
  EXPECT_TRUE(LooksLikeRecordedSpace(Hello()));
  EXPECT_TRUE(LooksLikeRecordedSpace(R"( {"schema_version": "1.0.0", "results": []})"));
  EXPECT_TRUE(LooksLikeRecordedSpace(R"({"Metadata": {}, "Results": []})"));
  EXPECT_FALSE(LooksLikeRecordedSpace(""));
  EXPECT_FALSE(LooksLikeRecordedSpace("[1]"));
  EXPECT_FALSE(LooksLikeRecordedSpace(ToJsonLines(SomeLog())));
}

TEST(ToLogContents, MakesOneRunOfASpace) {
  RecordedSpace space = *ParseKernelTunerCache(kSmallCache, "cache.json");
  const auto log = ToLogContents(space, "cache.json");
  ASSERT_TRUE(log.ok()) << log.status().message();
  ASSERT_EQ(log->runs.size(), 1U);
  const RunHeader& header = log->runs[0].header;
  EXPECT_EQ(header.target, "A GPU");
  EXPECT_EQ(ToInline(header.workload), "kernel:blur");
  EXPECT_EQ(header.parameters[0], (Parameter{"width", {16, 8}}));
  EXPECT_EQ(header.parameters[1], (Parameter{"scale", {0, 1}, {0.5, 1.0}}));
  const auto& trials = log->runs[0].trials;
  ASSERT_EQ(trials.size(), 4U);
  EXPECT_EQ(trials[0].measurement.seconds, std::vector<double>{3.25e-3});
  EXPECT_EQ(trials[1].measurement.outcome(), Outcome::kCompile);
  EXPECT_EQ(trials[1].measurement.failure->reason, "recorded as CompilationFailedConfig");
  // It is a log: written and read back.
  EXPECT_EQ(ParseLog(ToJsonLines(*log), "a.jsonl")->runs[0].trials.size(), 4U);
}

TEST(ToLogContents, RefusesOtherObjectivesThanTime) {
  RecordedSpace space = *ParseKernelTunerCache(kSmallCache, "cache.json");
  space.objective = "GFLOP/s";
  EXPECT_THAT(ToLogContents(space, "cache.json").status().message(),
              HasSubstr("cache.json: was tuned for GFLOP/s"));
}

TEST(ParseKernelTunerCache, TakesAListOfObjectives) {
  const std::string listed = foothold::testing::Replaced(
      std::string(kSmallCache), R"("objective": "time")", R"("objective": ["time", "GFLOP/s"])");
  const auto space = ParseKernelTunerCache(listed, "cache.json");
  ASSERT_TRUE(space.ok()) << space.status().message();
  EXPECT_EQ(space->objective, "time");
  EXPECT_THAT(space->lost, ::testing::Contains(HasSubstr("GFLOP/s was an objective beside time")));
  EXPECT_TRUE(space->trials == ParseKernelTunerCache(kSmallCache, "cache.json")->trials);
  const std::string none = foothold::testing::Replaced(
      std::string(kSmallCache), R"("objective": "time")", R"("objective": [])");
  EXPECT_THAT(ParseKernelTunerCache(none, "cache.json").status().message(),
              HasSubstr("objective: is empty"));
}

}  // namespace
}  // namespace foothold::formats
