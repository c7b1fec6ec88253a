#include <gtest/gtest.h>

#include <algorithm>

#include "foothold/searcher.h"
#include "foothold/searchers.h"
#include "search/searcher/testing/spaces.h"

namespace foothold {
namespace {

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
  EXPECT_EQ(searcher.status().message(),
            "there is no searcher \"anneal\"; known are autotvm, foothold, genetic, grid, "
            "ml2tuner, random, validity");
}

}  // namespace
}  // namespace foothold
