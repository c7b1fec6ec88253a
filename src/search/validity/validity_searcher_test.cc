#include "search/validity/validity_searcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "search/searcher/testing/measurements.h"
#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

constexpr Knowledge kModes[] = {Knowledge::kBlind, Knowledge::kCompiler, Knowledge::kHardware};

/// 11,664 configs with a valley along a diagonal: 8 % of the space, better towards its far end.
Space Valley() {
  return Space::Create({Range("a", 12), Range("b", 12), Range("c", 9), Range("d", 9)}).value();
}
double InTheValley(const Config& config) {
  const auto& c = config.choices;
  if (c[0] > c[1] + 1 || c[1] > c[0] + 1 || c[2] > 2) return 0;
  return 1.0 + c[0] + 0.1 * c[3];
}

BuildReport BuiltAs(const Config& config, double merit) {
  BuildReport report;
  report.config = config;
  if (merit <= 0) report.failure = Failure{Outcome::kCompile, "test", "no merit"};
  return report;
}

/// Answers all builds the searcher asks for; the configs it asked about.
template <typename Merit>
std::vector<Config> AnswerBuilds(Searcher& searcher, const Merit& merit) {
  std::vector<Config> all;
  for (;;) {
    const std::vector<Config> configs = searcher.ProposeBuilds();
    if (configs.empty()) return all;
    std::vector<BuildReport> reports;
    for (const Config& config : configs) reports.push_back(BuiltAs(config, merit(config)));
    searcher.ObserveBuilds(reports);
    all.insert(all.end(), configs.begin(), configs.end());
  }
}

std::vector<Config> RunTrials(Searcher& searcher, std::size_t trials) {
  std::vector<Config> all;
  while (all.size() < trials) {
    const std::vector<Config> batch = RunBatch(searcher, 8, InTheValley);
    if (batch.empty()) break;
    all.insert(all.end(), batch.begin(), batch.end());
  }
  return all;
}

std::size_t ValidAmong(std::span<const Config> configs) {
  return static_cast<std::size_t>(std::count_if(
      configs.begin(), configs.end(), [](const Config& c) { return InTheValley(c) > 0; }));
}

TEST(ValiditySearcher, BuildsAThousandConfigsThenMeasuresTheValidHalfOfE0) {
  ValiditySearcher searcher({Valley(), 1, Knowledge::kCompiler});
  const std::vector<Config> built = AnswerBuilds(searcher, InTheValley);
  EXPECT_EQ(built.size(), 1000U);
  EXPECT_EQ(std::set<Config>(built.begin(), built.end()).size(), built.size());
  const std::vector<Config> first = searcher.Propose(100);
  ASSERT_EQ(first.size(), 25U) << "builds have told what becomes of the other 25";
  EXPECT_EQ(ValidAmong(first), 25U);
  const std::set<Config> known(built.begin(), built.end());
  for (const Config& config : first) EXPECT_EQ(known.count(config), 1U);
}

TEST(ValiditySearcher, AfterE0MeasuresMostlyWhatIsKnownToBeValid) {
  ValiditySearcher searcher({Valley(), 1, Knowledge::kCompiler});
  AnswerBuilds(searcher, InTheValley);
  const std::vector<Config> all = RunTrials(searcher, 242);
  const auto after = std::span(all).subspan(50, 192);
  // The others are random, or better than the known valid ones by the model.
  EXPECT_GE(ValidAmong(after), 100U);

  AutotvmSearcher baseline(Valley(), 1);
  const std::vector<Config> of_baseline = RunTrials(baseline, 242);
  EXPECT_LT(ValidAmong(std::span(of_baseline).subspan(50, 192)), ValidAmong(after));
}

TEST(ValiditySearcher, BlindAsksForNoBuildsAndPresamplesByMeasuring) {
  std::size_t neighbours = 0;  // of valid configs, tried after them
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    ValiditySearcher searcher({Valley(), seed, Knowledge::kBlind});
    EXPECT_TRUE(searcher.ProposeBuilds().empty());
    const std::vector<Config> all = RunTrials(searcher, 50);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (InTheValley(all[i]) <= 0) continue;
      for (const Config& neighbour : Valley().Neighbours(all[i])) {
        neighbours += static_cast<std::size_t>(
            std::count(all.begin() + static_cast<std::ptrdiff_t>(i), all.end(), neighbour));
      }
    }
  }
  // A random config is one of another's eight neighbours once in 1,458 draws.
  EXPECT_GT(neighbours, 100U);
}

/// With each part off, and with all off, what it stands for is gone.
TEST(ValiditySearcher, EachPartCanBeSwitchedOff) {
  ValidityOptions options;
  options.presampling = false;
  ValiditySearcher random({Valley(), 1, Knowledge::kCompiler}, options);
  EXPECT_TRUE(random.ProposeBuilds().empty());
  const std::vector<Config> unbuilt = random.Propose(64);
  ASSERT_EQ(unbuilt.size(), 50U);
  EXPECT_LT(ValidAmong(unbuilt), 15U) << "8 % of them are valid";

  options.presampling = true;
  options.balanced = false;
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    ValiditySearcher sampled({Valley(), seed, Knowledge::kCompiler}, options);
    const std::vector<Config> built = AnswerBuilds(sampled, InTheValley);
    const std::vector<Config> unbalanced = sampled.Propose(64);
    const double share = static_cast<double>(ValidAmong(built)) / 1000;
    EXPECT_NEAR(static_cast<double>(unbalanced.size()) / 50, share, 0.25)
        << "of 50 random ones of those built, the valid ones are measured";
    EXPECT_EQ(ValidAmong(unbalanced), unbalanced.size());
    sizes.insert(unbalanced.size());
  }
  EXPECT_GT(sizes.size(), 1U) << "half of 50 each time is no accident";

  options.balanced = true;
  options.bias = false;
  const auto valid_after_e0 = [](const ValidityOptions& with) {
    std::size_t valid = 0;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      ValiditySearcher searcher({Valley(), seed, Knowledge::kCompiler}, with);
      AnswerBuilds(searcher, InTheValley);
      const std::vector<Config> all = RunTrials(searcher, 89);
      valid += ValidAmong(std::span(all).subspan(25, 64));
    }
    return valid;
  };
  EXPECT_LT(valid_after_e0(options), valid_after_e0({}));
}

TEST(ValiditySearcher, ExhaustsSmallSpacesInEveryMode) {
  const auto merits = {+[](const Config&) { return 0.0; }, +[](const Config&) { return 1.0; },
                       +[](const Config& c) { return c.choices[0] == 1 ? 2.0 : 0.0; }};
  for (const Space& space : {SmallSpace(), FreeSpace(), TightSpace()}) {
    for (const Knowledge knowledge : kModes) {
      for (const auto merit : merits) {
        ValiditySearcher searcher({space, 3, knowledge});
        if (knowledge != Knowledge::kBlind) AnswerBuilds(searcher, merit);
        const std::vector<Config> proposed = RunToTheEnd(searcher, 32, merit);
        // All but E0's invalid half, of which a build has told.
        EXPECT_LE(proposed.size(), space.valid_count());
        EXPECT_GE(proposed.size() + (knowledge == Knowledge::kBlind ? 0 : 50), space.valid_count());
        for (const Config& config : ValidConfigsInIndexOrder(space)) {
          if (merit(config) <= 0) continue;
          EXPECT_EQ(std::count(proposed.begin(), proposed.end(), config), 1);
        }
        EXPECT_EQ(std::set<Config>(proposed.begin(), proposed.end()).size(), proposed.size());
      }
    }
  }
  ValiditySearcher nothing({EmptySpace(), 1, Knowledge::kCompiler});
  EXPECT_TRUE(nothing.ProposeBuilds().empty());
  EXPECT_TRUE(nothing.Propose(4).empty());
}

/// FreeSpace() has 40 such configs of 60.
double EvenOnly(const Config& config) { return config.choices[0] % 2 == 0 ? 1 : 0; }

TEST(ValiditySearcher, ProposesNothingTwiceWhenNothingIsObserved) {
  constexpr std::size_t told = 20;  // the invalid ones: E0 has room for them all
  for (const Knowledge knowledge : kModes) {
    ValiditySearcher searcher({FreeSpace(), 3, knowledge});
    if (knowledge != Knowledge::kBlind) AnswerBuilds(searcher, EvenOnly);
    std::set<Config> proposed;
    std::size_t count = 0;
    for (;;) {
      const std::vector<Config> batch = searcher.Propose(7);
      if (batch.empty()) break;
      count += batch.size();
      proposed.insert(batch.begin(), batch.end());
    }
    // All but E0's invalid half, of which a build has told.
    EXPECT_EQ(count, FreeSpace().valid_count() - (knowledge == Knowledge::kBlind ? 0 : told));
    EXPECT_EQ(proposed.size(), count);
  }
}

TEST(ValiditySearcher, TheSeedAloneDecidesTheSequence) {
  const auto run = [](std::uint64_t seed) {
    ValiditySearcher searcher({Valley(), seed, Knowledge::kCompiler});
    AnswerBuilds(searcher, InTheValley);
    return RunTrials(searcher, 160);
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

}  // namespace
}  // namespace foothold::search
