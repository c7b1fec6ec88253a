// The figures of a small benchmark, as the studies' own loop gave them before the product's loop
// ran the studies (testing/figures.txt). A change of the loop must not change what is published.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "foothold/env.h"
#include "foothold/searchers.h"
#include "studies/recorded_spaces/spaces_benchmark.h"
#include "studies/recorded_spaces/testing/synthetic_space.h"

namespace foothold::studies {
namespace {

BenchmarkSpaces SmallSpaces() {
  BenchmarkSpaces spaces;
  const auto add = [&](const std::string& name, const testing::SyntheticOptions& options) {
    ReplayedSpace replayed = testing::SyntheticSpace(options);
    RandomBaseline baseline(replayed);
    spaces.spaces.push_back({name, std::move(replayed), std::move(baseline)});
  };
  add("one", {.side = 16, .invalid = 0.3});
  add("two", {.side = 12, .seed = 2});
  return spaces;
}

/// All that is published of a run, but for the searcher's own seconds, which are a machine's.
std::string Figures(const SpacesResult& result) {
  std::string text;
  for (const ScoredSpace& space : result.spaces) {
    for (const SpaceEntry& entry : space.entries) {
      text += fmt::format("{} {} scores {:.12g} {:.12g}\n", space.name, entry.searcher,
                          entry.published.score, entry.valid.score);
      for (const SpaceRun& run : entry.runs) {
        text += fmt::format(
            "  trials {} failed {} in {:.12g} s best {:.12g} s place {} tuning {:.12g} s\n",
            run.trials, run.failed, run.failed_s, run.best_s, run.best_place, run.tuning_s);
      }
    }
  }
  return text;
}

TEST(Figures, AreThoseOfTheStudysOwnLoop) {
  std::vector<std::string> searchers;
  for (const SearcherInfo& info : ListSearchers()) searchers.push_back(info.name);
  std::string figures;
  for (const Knowledge knowledge : {Knowledge::kBlind, Knowledge::kCompiler}) {
    SpacesOptions options;
    options.seeds = 2;
    options.knowledge = knowledge;
    const auto result = RunSpacesBenchmark(
        SmallSpaces(), searchers, options, [](std::uint64_t, std::uint64_t) {}, false);
    ASSERT_TRUE(result.ok()) << result.status().message();
    figures += fmt::format("# {}\n", ToString(knowledge)) + Figures(**result);
  }
  const auto recorded =
      Env::Default()->ReadFile(FOOTHOLD_SOURCE_DIR "/studies/recorded_spaces/testing/figures.txt");
  ASSERT_TRUE(recorded.ok()) << recorded.status().message();
  EXPECT_EQ(figures, *recorded);
}

}  // namespace
}  // namespace foothold::studies
