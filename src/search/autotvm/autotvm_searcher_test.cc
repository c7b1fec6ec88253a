#include "search/autotvm/autotvm_searcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "search/searcher/testing/measurements.h"
#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

/// A third of the space fails; the rest is better the larger its choices.
double SomeMerit(const Config& config) {
  if ((config.choices[0] + config.choices[1]) % 3 == 0) return 0;
  double sum = 1;
  for (const std::uint32_t choice : config.choices) sum += choice;
  return sum;
}

double NoMerit(const Config& /*config*/) { return 0; }

/// Runs `batches` batches of `count`.
template <typename Merit>
std::vector<Config> RunBatches(Searcher& searcher, int batches, std::size_t count,
                               const Merit& merit) {
  std::vector<Config> all;
  for (int batch = 0; batch < batches; ++batch) {
    for (Config& config : RunBatch(searcher, count, merit)) all.push_back(std::move(config));
  }
  return all;
}

TEST(AutotvmSearcher, ProposesEachValidConfigOnceAndThenNothing) {
  for (const Space& space : {SmallSpace(), FreeSpace(), TightSpace()}) {
    AutotvmSearcher searcher(space, 3);
    const std::vector<Config> proposed = RunToTheEnd(searcher, 32, SomeMerit);
    EXPECT_EQ(proposed.size(), space.valid_count());
    const std::vector<Config> valid = ValidConfigsInIndexOrder(space);
    EXPECT_EQ(std::set<Config>(proposed.begin(), proposed.end()),
              std::set<Config>(valid.begin(), valid.end()));
  }
  EXPECT_TRUE(AutotvmSearcher(EmptySpace(), 1).Propose(4).empty());
}

TEST(AutotvmSearcher, TheSeedAloneDecidesTheSequence) {
  const auto run = [](std::uint64_t seed) {
    AutotvmSearcher searcher(RoomySpace(), seed);
    return RunBatches(searcher, 20, 8, SomeMerit);
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

TEST(AutotvmSearcher, FitsAfterEachPlanSizeTrials) {
  AutotvmSearcher searcher(RoomySpace(), 1);
  for (std::size_t batch = 1; batch <= 40; ++batch) {
    RunBatch(searcher, 8, SomeMerit);
    EXPECT_EQ(searcher.fits(), batch * 8 / 64) << "after " << batch * 8 << " trials";
  }
}

// Plan 16, batches of 8. Nothing succeeds in 80 trials, so nothing is fitted, though five fits were
// due. From the first success on there is one fit a batch, until trials < 16 * (fits + 1).
TEST(AutotvmSearcher, CatchesUpOnFitsOneByOneAfterTheFirstSuccess) {
  AutotvmOptions options;
  options.plan_size = 16;
  AutotvmSearcher searcher(RoomySpace(), 2, options);
  RunBatches(searcher, 10, 8, NoMerit);
  EXPECT_EQ(searcher.fits(), 0u);
  EXPECT_TRUE(searcher.plan().empty());

  std::vector<std::size_t> fits;
  for (int batch = 0; batch < 12; ++batch) {
    RunBatch(searcher, 8, SomeMerit);
    fits.push_back(searcher.fits());
  }
  // Trials        88 96 104 112 120 128 136 144 152 160 168 176
  EXPECT_EQ(fits, (std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11}));
}

/// A searcher after its first fit, in a space so large that random proposals are not planned ones.
AutotvmSearcher Planned(const AutotvmOptions& options) {
  AutotvmSearcher searcher(RoomySpace(), 4, options);
  RunBatches(searcher, 1, options.plan_size, SomeMerit);
  EXPECT_EQ(searcher.fits(), 1u);
  EXPECT_EQ(searcher.plan().size(), options.plan_size);
  return searcher;
}

// int(0.05 * 64) = 3, int(0.05 * 40) = 2, int(0.05 * 16) = 0.
TEST(AutotvmSearcher, TheLastTwentiethOfAPlanIsRandom) {
  for (const auto& [plan_size, random] : {std::pair{64, 3}, {40, 2}, {16, 0}}) {
    AutotvmOptions options;
    options.plan_size = static_cast<std::size_t>(plan_size);
    AutotvmSearcher searcher = Planned(options);
    const std::vector<Config> plan(searcher.plan().begin(), searcher.plan().end());
    const std::vector<Config> proposed = searcher.Propose(options.plan_size + 5);
    const std::ptrdiff_t planned = plan_size - random;
    EXPECT_TRUE(std::equal(plan.begin(), plan.begin() + planned, proposed.begin())) << plan_size;
    for (auto config = proposed.begin() + planned; config != proposed.end(); ++config) {
      EXPECT_EQ(std::count(plan.begin(), plan.end(), *config), 0) << plan_size;
    }
  }
}

TEST(AutotvmSearcher, PlansTheBestScoredThatWereNotVisited) {
  AutotvmSearcher searcher(RoomySpace(), 5);
  const std::vector<Config> visited = RunBatches(searcher, 8, 8, SomeMerit);
  const std::vector<Config> plan(searcher.plan().begin(), searcher.plan().end());
  const std::vector<float> scores =
      searcher.cost_model().Predict(KnobFeatures(RoomySpace()).Extract(plan));
  EXPECT_TRUE(std::is_sorted(scores.begin(), scores.end(), std::greater<>()));
  EXPECT_GE(scores.back(), 0);
  for (const Config& config : plan) {
    EXPECT_EQ(std::count(visited.begin(), visited.end(), config), 0);
  }
}

// The merits are ordered by the sum of the choices, so what is planned is better than random.
TEST(AutotvmSearcher, LearnsWhatIsGood) {
  AutotvmSearcher searcher(RoomySpace(), 6);
  const std::vector<Config> all = RunBatches(searcher, 40, 8, SomeMerit);
  const auto mean = [&](std::size_t first, std::size_t count) {
    double sum = 0;
    for (std::size_t i = first; i < first + count; ++i) sum += SomeMerit(all[i]);
    return sum / static_cast<double>(count);
  };
  EXPECT_GT(mean(256, 61), 1.5 * mean(0, 64));
}

TEST(AutotvmSearcher, TheDiversityFilterPlansMoreValues) {
  const auto values_of_plan = [](std::size_t ratio) {
    AutotvmOptions options;
    options.plan_size = 16;
    options.diversity_filter_ratio = ratio;
    const AutotvmSearcher searcher = Planned(options);
    std::set<std::pair<std::size_t, std::uint32_t>> values;
    for (const Config& config : searcher.plan()) {
      for (std::size_t i = 0; i < config.choices.size(); ++i) {
        values.insert({i, config.choices[i]});
      }
    }
    return values.size();
  };
  EXPECT_GT(values_of_plan(8), values_of_plan(0));
}

/// Trials of an earlier run in the same space.
struct History {
  explicit History(std::size_t rows) : features(RoomySpace().parameters().size()) {
    const Space space = RoomySpace();
    const KnobFeatures knobs(space);
    Rng rng(77);
    for (std::size_t i = 0; i < rows; ++i) {
      const Config config = space.Sample(rng);
      knobs.Extract(config, features.AppendRow());
      merits.push_back(SomeMerit(config));
    }
  }
  models::FeatureMatrix features;
  std::vector<double> merits;
};

TEST(AutotvmSearcher, PlansFromHistoryBeforeTheFirstTrial) {
  AutotvmSearcher searcher(RoomySpace(), 7);
  const History too_short(499);
  EXPECT_FALSE(searcher.LoadHistory(too_short.features, too_short.merits));
  EXPECT_TRUE(searcher.plan().empty());

  const History history(500);
  EXPECT_TRUE(searcher.LoadHistory(history.features, history.merits));
  const std::vector<Config> plan(searcher.plan().begin(), searcher.plan().end());
  ASSERT_GE(plan.size(), 16u);
  EXPECT_EQ(searcher.Propose(8), std::vector<Config>(plan.begin(), plan.begin() + 8));
  EXPECT_EQ(searcher.fits(), 0u);
}

TEST(AutotvmSearcher, KeepsAPlanThatIsThere) {
  AutotvmSearcher searcher = Planned({});
  const std::vector<Config> plan(searcher.plan().begin(), searcher.plan().end());
  const History history(500);
  EXPECT_TRUE(searcher.LoadHistory(history.features, history.merits));
  EXPECT_TRUE(std::equal(plan.begin(), plan.end(), searcher.plan().begin(), searcher.plan().end()));
}

// 2^(-256 / 64) = 0.0625 of the base is used; 2^(-320 / 64) = 0.031 is not.
TEST(AutotvmSearcher, DropsHistoryAfter277Trials) {
  AutotvmSearcher searcher(RoomySpace(), 8);
  const History history(500);
  ASSERT_TRUE(searcher.LoadHistory(history.features, history.merits));
  RunBatches(searcher, 32, 8, SomeMerit);
  EXPECT_EQ(searcher.fits(), 4u);
  EXPECT_TRUE(searcher.cost_model().has_base());
  RunBatches(searcher, 8, 8, SomeMerit);
  EXPECT_EQ(searcher.fits(), 5u);
  EXPECT_FALSE(searcher.cost_model().has_base());
}

}  // namespace
}  // namespace foothold::search
