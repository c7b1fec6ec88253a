#include "studies/time_to_best/search_run.h"

#include <gtest/gtest.h>

#include "studies/time_to_best/testing/toy_truth.h"

namespace foothold::studies {
namespace {

/// Goes through the space in index order (a fastest), after builds of its first configs.
class Walker : public Searcher {
 public:
  Walker(const Space& space, std::size_t builds) : space_(space), builds_(builds) {}

  std::vector<Config> Propose(std::size_t count) override {
    std::vector<Config> configs;
    for (; configs.size() < count && next_ < space_.raw_size(); ++next_) {
      configs.push_back(space_.AtIndex(next_));
    }
    return configs;
  }
  void Observe(std::span<const Measurement> measurements) override {
    observed.insert(observed.end(), measurements.begin(), measurements.end());
  }
  std::vector<Config> ProposeBuilds() override {
    std::vector<Config> configs;
    for (std::size_t i = 0; i < builds_; ++i) configs.push_back(space_.AtIndex(i));
    builds_ = 0;
    return configs;
  }
  void ObserveBuilds(std::span<const BuildReport> reports) override {
    built.insert(built.end(), reports.begin(), reports.end());
  }

  std::vector<Measurement> observed;
  std::vector<BuildReport> built;

 private:
  Space space_;
  std::size_t builds_;
  std::uint64_t next_ = 0;
};

class SearchRunTest : public ::testing::Test {
 protected:
  const ToyTask task_{ToyWorkload("toy")};
  const records::GroundTruth truth_ = ToyTruth(task_);
};

TEST_F(SearchRunTest, TellsTheSearcherTheTruth) {
  Walker walker(task_.space(), 18);
  const SearchRun run = RunSearch(walker, Knowledge::kCompiler, truth_, {});
  ASSERT_EQ(run.steps.size(), 30u) << "the space ends before the budget does";
  ASSERT_EQ(walker.observed.size(), 30u);
  for (std::size_t i = 0; i < 30; ++i) {
    const Config config = task_.space().AtIndex(i);
    EXPECT_EQ(walker.observed[i].config, config);
    EXPECT_EQ(walker.observed[i].outcome(), truth_.outcome(i));
    EXPECT_EQ(run.steps[i].outcome, truth_.outcome(i));
    EXPECT_EQ(run.steps[i].seconds, truth_.seconds(i).value_or(0));
    EXPECT_EQ(run.steps[i].builds, 18u);
  }
  ASSERT_EQ(walker.built.size(), 18u);
  for (const BuildReport& report : walker.built) {
    const BuildResult build = task_.Build(report.config);
    EXPECT_EQ(report.ok(), build.ok());
    if (build.ok()) {
      EXPECT_EQ(report.metrics, build.program->metrics());
    } else {
      EXPECT_EQ(report.failure->stage, "toy.area");
    }
  }
}

// b = 1 (a = 1..6), 2 (1..6), 3 (1..4), 4 (1..3) run; b = 5 times out for a = 1, 2; the rest does
// not build.
TEST_F(SearchRunTest, ChargesEachStageItsCost) {
  SearchRunOptions options;
  options.costs = {10, 1000, 100'000};
  options.build_s = 1e6;
  Walker walker(task_.space(), 2);
  const SearchRun run = RunSearch(walker, Knowledge::kCompiler, truth_, options);
  const double searching = 1;  // seconds, more than the walker can take
  EXPECT_NEAR(run.steps[0].at_s, 2e6 + 1000, searching);
  EXPECT_NEAR(run.steps[15].at_s, 2e6 + 16 * 1000, searching);
  EXPECT_NEAR(run.steps[17].at_s, 2e6 + 16 * 1000 + 2 * 10, searching);
  EXPECT_NEAR(run.steps.back().at_s, 2e6 + 19 * 1000 + 9 * 10 + 2 * 100'000, searching);
  EXPECT_GT(run.search_s, 0);
}

TEST_F(SearchRunTest, ABlindSearcherIsNotAskedForBuilds) {
  Walker walker(task_.space(), 5);
  const SearchRun run = RunSearch(walker, Knowledge::kBlind, truth_, {});
  EXPECT_TRUE(walker.built.empty());
  EXPECT_EQ(run.steps.back().builds, 0u);
}

TEST_F(SearchRunTest, EndsWithTheBudgetInsideABatch) {
  SearchRunOptions options;
  options.budget = 13;
  Walker walker(task_.space(), 0);
  const SearchRun run = RunSearch(walker, Knowledge::kBlind, truth_, options);
  EXPECT_EQ(run.steps.size(), 13u);
  EXPECT_EQ(run.trials.size(), 13u);
  EXPECT_EQ(walker.observed.size(), 8u) << "the tuner's loop shows whole batches only";
}

}  // namespace
}  // namespace foothold::studies
