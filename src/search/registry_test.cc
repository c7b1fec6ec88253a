#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "foothold/searcher.h"
#include "foothold/searchers.h"
#include "search/searcher/testing/measurements.h"
#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

/// All that the searcher asks for builds.
void BuildAll(Searcher& searcher) {
  for (;;) {
    std::vector<BuildReport> reports;
    for (const Config& config : searcher.ProposeBuilds()) {
      reports.push_back({config, std::nullopt, {{"size", 1e300}, {kEstimateMetric, 1e-310}}, 0});
    }
    if (reports.empty()) return;
    searcher.ObserveBuilds(reports);
  }
}

using ::testing::ElementsAre;

TEST(Registry, ListIsAlphabeticalAndEachCanBeMade) {
  const std::vector<SearcherInfo> infos = ListSearchers();
  ASSERT_FALSE(infos.empty());
  EXPECT_TRUE(std::is_sorted(infos.begin(), infos.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const SearcherInfo& info : infos) {
    EXPECT_FALSE(info.description.empty()) << info.name;
    const Result<std::unique_ptr<Searcher>> searcher =
        MakeSearcher(info.name, {SmallSpace(), 1, Knowledge::kBlind});
    ASSERT_TRUE(searcher.ok()) << searcher.status().message();
    EXPECT_EQ(searcher.value()->Propose(2).size(), 2u) << info.name;
  }
}

/// Whatever candidates print, no searcher comes to grief on it, or proposes anything twice.
TEST(Registry, EverySearcherTakesAnyTimeAboveZeroAndBounds) {
  const std::vector<double> times = {std::numeric_limits<double>::denorm_min(), 1e-310, 1e-12, 1,
                                     std::numeric_limits<double>::max()};
  for (const SearcherInfo& info : ListSearchers()) {
    for (const Knowledge knowledge : {Knowledge::kBlind, Knowledge::kCompiler}) {
      SCOPED_TRACE(info.name + " " + std::string(ToString(knowledge)));
      const Space space = Space::Create({Range("a", 9), Range("b", 8)}).value();
      const auto searcher = MakeSearcher(info.name, {space, 1, knowledge}).value();
      std::set<Config> proposed;
      for (;;) {
        if (knowledge != Knowledge::kBlind) BuildAll(*searcher);
        const std::vector<Config> batch = searcher->Propose(8);
        if (batch.empty()) break;
        std::vector<Measurement> measurements;
        for (const Config& config : batch) {
          EXPECT_TRUE(proposed.insert(config).second) << "proposed twice";
          const std::size_t number = proposed.size();
          Measurement measurement = MeasuredAs(config, number % 5 == 0 ? 0 : 1);
          if (measurement.outcome() == Outcome::kCorrect) {
            measurement.seconds = {times[number % times.size()]};
          }
          if (number % 7 == 0) {
            measurement = {};
            measurement.config = config;
            measurement.slower_than_s = times[number % times.size()];
          }
          measurements.push_back(measurement);
        }
        searcher->Observe(measurements);
      }
      EXPECT_EQ(proposed.size(), space.valid_count());
    }
  }
}

TEST(Registry, UnknownNameListsTheKnownOnes) {
  const Result<std::unique_ptr<Searcher>> searcher =
      MakeSearcher("anneal", {SmallSpace(), 1, Knowledge::kBlind});
  ASSERT_FALSE(searcher.ok());
  EXPECT_EQ(searcher.status().code(), StatusCode::kNotFound);
  std::string known;
  for (const SearcherInfo& info : ListSearchers()) {
    known += (known.empty() ? "" : ", ") + info.name;
  }
  EXPECT_EQ(searcher.status().message(), "there is no searcher \"anneal\"; known are " + known);
}

TEST(Registry, KnowsTheDefaultAndWhatIsLeftOut) {
  std::vector<std::string> names;
  for (const SearcherInfo& info : ListSearchers()) names.push_back(info.name);
  std::vector<std::string> left_out;
  for (const SearcherInfo& info : SearchersLeftOut()) left_out.push_back(info.name);
  if (left_out.empty()) {
    EXPECT_THAT(names, ElementsAre("autotvm", "foothold", "genetic", "grid", "ml2tuner", "random",
                                   "validity"));
  } else {  // without XGBoost
    EXPECT_THAT(names, ElementsAre("foothold", "genetic", "grid", "random"));
    EXPECT_THAT(left_out, ElementsAre("autotvm", "ml2tuner", "validity"));
  }
}

TEST(Registry, SaysWhyASearcherIsLeftOut) {
  if (SearchersLeftOut().empty()) GTEST_SKIP() << "this build has all searchers";
  const Result<std::unique_ptr<Searcher>> searcher =
      MakeSearcher("validity", {SmallSpace(), 1, Knowledge::kBlind});
  ASSERT_FALSE(searcher.ok());
  EXPECT_EQ(searcher.status().code(), StatusCode::kNotFound);
  EXPECT_EQ(searcher.status().message(),
            "this build of Foothold is without XGBoost and so without the searcher \"validity\"; "
            "known are foothold, genetic, grid, random");
}

}  // namespace
}  // namespace foothold::search
