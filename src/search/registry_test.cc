#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "foothold/searcher.h"
#include "foothold/searchers.h"
#include "search/searcher/testing/spaces.h"

namespace foothold {
namespace {

using testing::ElementsAre;

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
}  // namespace foothold
