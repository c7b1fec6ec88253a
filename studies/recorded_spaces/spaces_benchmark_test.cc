#include "studies/recorded_spaces/spaces_benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "process/testing/temporary_folder.h"
#include "studies/recorded_spaces/testing/synthetic_space.h"

namespace foothold::studies {
namespace {

using foothold::testing::SyntheticRecords;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SpacesBenchmarkTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = folder_.File(name);
    EXPECT_TRUE(env_.WriteFileAtomically(path, text).ok());
    return path;
  }
  BenchmarkSpaces Read() {
    const RecordedSpace one = SyntheticRecords({.side = 16, .invalid = 0.3});
    const RecordedSpace two = SyntheticRecords({.side = 12, .seed = 2});
    auto read = ReadBenchmarkSpaces(env_, {Write("one.json", WriteKernelTunerCache(one).text),
                                           Write("one_T4.json", WriteT4(one).text),
                                           Write("two.v1.json", WriteKernelTunerCache(two).text)});
    EXPECT_TRUE(read.ok()) << read.status().message();
    return *std::move(read);
  }
  SpacesResult Run(const BenchmarkSpaces& spaces, int jobs) {
    SpacesOptions options;
    options.seeds = 4;
    options.jobs = jobs;
    const std::atomic<bool> never = false;
    auto result = RunSpacesBenchmark(
        spaces, {"random", "genetic"}, options, [](auto, auto) {}, never);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return **std::move(result);
  }

  Env& env_ = *Env::Default();
  testing::TemporaryFolder folder_;
};

TEST_F(SpacesBenchmarkTest, LeavesOutWhatIsThereTwice) {
  const BenchmarkSpaces spaces = Read();
  ASSERT_EQ(spaces.spaces.size(), 2u);
  EXPECT_EQ(spaces.spaces[0].name, "one");
  EXPECT_EQ(spaces.spaces[1].name, "two");
  EXPECT_THAT(spaces.left_out, ElementsAre("one_T4 says the same as one and is left out"));
}

TEST_F(SpacesBenchmarkTest, ThreadsChangeNothing) {
  const BenchmarkSpaces spaces = Read();
  const SpacesResult one = Run(spaces, 1);
  const SpacesResult three = Run(spaces, 3);
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t e = 0; e < 2; ++e) {
      const SpaceEntry& a = one.spaces[s].entries[e];
      const SpaceEntry& b = three.spaces[s].entries[e];
      EXPECT_EQ(a.published.score, b.published.score);
      EXPECT_EQ(a.valid.resampled, b.valid.resampled);
      for (std::size_t i = 0; i < a.runs.size(); ++i) {
        EXPECT_EQ(a.runs[i].tuning_s, b.runs[i].tuning_s);
        EXPECT_EQ(a.runs[i].best_place, b.runs[i].best_place);
      }
    }
  }
}

TEST_F(SpacesBenchmarkTest, SaysWhatItFound) {
  const SpacesResult result = Run(Read(), 1);
  EXPECT_THAT(ToPage(result).ToText(), HasSubstr("## one\n"));
  EXPECT_THAT(ToPage(result).ToMarkdown(),
              HasSubstr("one_T4 says the same as one and is left out."));
  const auto json = base::Json::Parse(ToPage(result).ToJson()).value()["data"];
  ASSERT_EQ(json["spaces"].size(), 2u);
  EXPECT_EQ(json["means"][1]["searcher"], "genetic");
  const auto& entry = json["spaces"][0]["entries"][0];
  EXPECT_EQ(entry["trials"].size(), 4u);
  const double mean =
      (result.spaces[0].entries[0].published.score + result.spaces[1].entries[0].published.score) /
      2;
  EXPECT_DOUBLE_EQ(json["means"][0]["P"]["score"].Get<double>(), mean);
  std::uint64_t failed = 0;
  for (const SpaceRun& run : result.spaces[0].entries[0].runs) failed += run.failed;
  EXPECT_GT(failed, 0u);
}

TEST_F(SpacesBenchmarkTest, RefusesWhatCannotBeScored) {
  RecordedSpace none = SyntheticRecords({.side = 4, .invalid = 1});
  EXPECT_THAT(
      ReadBenchmarkSpaces(env_, {Write("none.json", WriteT4(none).text)}).status().message(),
      HasSubstr("none.json: no config is correct, one must be"));
  RecordedSpace small = SyntheticRecords({.side = 1});
  EXPECT_THAT(
      ReadBenchmarkSpaces(env_, {Write("small.json", WriteT4(small).text)}).status().message(),
      HasSubstr("small.json: 1 configs are correct, too few for a score"));
  const std::atomic<bool> never = false;
  EXPECT_EQ(RunSpacesBenchmark(
                Read(), {"nobody"}, {}, [](auto, auto) {}, never)
                .status()
                .code(),
            StatusCode::kNotFound);
}

}  // namespace
}  // namespace foothold::studies
