#include "search/foothold/foothold_searcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "search/searcher/testing/measurements.h"
#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

constexpr Knowledge kModes[] = {Knowledge::kBlind, Knowledge::kCompiler, Knowledge::kHardware};

/// 11,664 configs; valid are those along a diagonal, 8 % of the space.
Space Valley() {
  return Space::Create({Range("a", 12), Range("b", 12), Range("c", 9), Range("d", 9)}).value();
}
double InTheValley(const Config& config) {
  const auto& c = config.choices;
  if (c[0] > c[1] + 1 || c[1] > c[0] + 1 || c[2] > 2) return 0;
  return 1.0 + c[0] + 0.1 * c[3];
}

/// What a board would be told: a lower bound that is right to a few per cent.
BuildReport BuiltAs(const Config& config, double merit, bool bounds) {
  BuildReport report;
  report.config = config;
  report.seconds = 0.001;
  if (merit <= 0) {
    report.failure = Failure{Outcome::kCompile, "test", "no merit"};
  } else if (bounds) {
    const double slack = 0.9 + 0.09 * (config.choices[1] % 3) / 2;
    report.metrics = {{kLowerBoundMetric, slack / merit},
                      {kEstimateMetric, 1.02 * slack / merit},
                      {kSerialMetric, 2 / merit}};
  }
  return report;
}

struct SearchTrace {
  std::vector<Config> trials;
  std::vector<Config> builds;
};

/// Trials in batches of 8, each with the builds asked for before; a trial costs a second.
template <typename Merit>
SearchTrace RunTrials(Searcher& searcher, Knowledge knowledge, std::size_t trials,
                      const Merit& merit, bool bounds = true) {
  SearchTrace run;
  while (run.trials.size() < trials) {
    while (knowledge != Knowledge::kBlind) {
      const std::vector<Config> configs = searcher.ProposeBuilds();
      if (configs.empty()) break;
      std::vector<BuildReport> reports;
      for (const Config& config : configs)
        reports.push_back(BuiltAs(config, merit(config), bounds));
      searcher.ObserveBuilds(reports);
      run.builds.insert(run.builds.end(), configs.begin(), configs.end());
    }
    const std::vector<Config> batch = searcher.Propose(8);
    if (batch.empty()) break;
    std::vector<Measurement> measurements;
    for (const Config& config : batch) {
      measurements.push_back(MeasuredAs(config, merit(config)));
      measurements.back().run_seconds = 1;
    }
    searcher.Observe(measurements);
    run.trials.insert(run.trials.end(), batch.begin(), batch.end());
  }
  return run;
}

std::size_t TrialsToTheBest(const SearchTrace& run, const Space& space) {
  double best = 0;
  for (std::uint64_t rank = 0; rank < space.valid_count(); ++rank)
    best = std::max(best, InTheValley(space.Unrank(rank)));
  for (std::size_t i = 0; i < run.trials.size(); ++i)
    if (InTheValley(run.trials[i]) == best) return i + 1;
  return std::numeric_limits<std::size_t>::max();
}

TEST(FootholdSearcher, FindsTheBestInEachMode) {
  for (const Knowledge knowledge : kModes) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      SCOPED_TRACE(::testing::Message() << ToString(knowledge) << ", seed " << seed);
      FootholdSearcher searcher({Valley(), seed, knowledge});
      const SearchTrace run =
          RunTrials(searcher, knowledge, knowledge == Knowledge::kBlind ? 250 : 24, InTheValley);
      EXPECT_LE(TrialsToTheBest(run, Valley()), knowledge == Knowledge::kBlind ? 250u : 12u);
    }
  }
}

TEST(FootholdSearcher, WithBuildsMeasuresValidConfigsOnly) {
  FootholdSearcher searcher({Valley(), 1, Knowledge::kCompiler});
  const SearchTrace run = RunTrials(searcher, Knowledge::kCompiler, 60, InTheValley);
  EXPECT_GE(run.builds.size(), 512u);
  for (const Config& config : run.trials) EXPECT_GT(InTheValley(config), 0);
}

// At random 92 % would be invalid.
TEST(FootholdSearcher, BlindMeasuresFewInvalidConfigsOnItsWay) {
  std::size_t trials = 0, invalid = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    FootholdSearcher searcher({Valley(), seed, Knowledge::kBlind});
    const SearchTrace run = RunTrials(searcher, Knowledge::kBlind, 250, InTheValley);
    EXPECT_TRUE(run.builds.empty());
    const std::size_t found = TrialsToTheBest(run, Valley());
    ASSERT_LE(found, run.trials.size()) << "seed " << seed;
    trials += found;
    for (std::size_t i = 0; i < found; ++i) invalid += InTheValley(run.trials[i]) == 0 ? 1 : 0;
  }
  EXPECT_LT(static_cast<double>(invalid), 0.5 * static_cast<double>(trials));
}

/// A corner of 126 of the 11,664 configs, 1.1 %. All failures look alike.
double InTheCorner(const Config& config) {
  const auto& c = config.choices;
  return c[0] + c[1] + c[2] + c[3] <= 5 ? 1 : 0;
}

// At random it takes 64 trials in the median.
TEST(FootholdSearcher, FindsTheFirstValidConfigInHalfOfWhatChanceNeeds) {
  std::vector<std::size_t> firsts;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    FootholdSearcher searcher({Valley(), seed, Knowledge::kBlind});
    const SearchTrace run = RunTrials(searcher, Knowledge::kBlind, 64, InTheCorner);
    const auto first = std::find_if(run.trials.begin(), run.trials.end(),
                                    [](const Config& config) { return InTheCorner(config) > 0; });
    firsts.push_back(static_cast<std::size_t>(first - run.trials.begin()) + 1);
  }
  std::sort(firsts.begin(), firsts.end());
  EXPECT_LE(firsts[7], 32u) << ::testing::PrintToString(firsts);
}

TEST(FootholdSearcher, TheSeedAloneDecides) {
  for (const Knowledge knowledge : kModes) {
    SCOPED_TRACE(ToString(knowledge));
    std::vector<std::vector<Config>> trials;
    for (const std::uint64_t seed : {1U, 1U, 2U}) {
      FootholdSearcher searcher({Valley(), seed, knowledge});
      trials.push_back(RunTrials(searcher, knowledge, 40, InTheValley).trials);
    }
    EXPECT_EQ(trials[0], trials[1]);
    EXPECT_NE(trials[0], trials[2]);
  }
}

TEST(FootholdSearcher, ExhaustsASpaceWithEachConfigOnce) {
  for (const Knowledge knowledge : kModes) {
    SCOPED_TRACE(ToString(knowledge));
    FootholdSearcher searcher({FreeSpace(), 1, knowledge});
    const auto some = [](const Config& c) { return c.choices[0] == 1 ? 0.0 : 1.0 + c.choices[2]; };
    const SearchTrace run = RunTrials(searcher, knowledge, 1000, some);
    std::set<Config> seen(run.trials.begin(), run.trials.end());
    EXPECT_EQ(seen.size(), run.trials.size());
    // What does not build is not measured.
    EXPECT_EQ(seen.size(), knowledge == Knowledge::kBlind ? 60u : 40u);
  }
}

TEST(FootholdSearcher, EndsWhereNothingIsValid) {
  for (const Knowledge knowledge : kModes) {
    SCOPED_TRACE(ToString(knowledge));
    FootholdSearcher searcher({FreeSpace(), 1, knowledge});
    const SearchTrace run = RunTrials(searcher, knowledge, 1000, [](const Config&) { return 0.0; });
    EXPECT_EQ(run.trials.size() + run.builds.size(), 60u);
  }
}

TEST(FootholdSearcher, TakesASpaceWithoutConfigs) {
  FootholdSearcher searcher({EmptySpace(), 1, Knowledge::kCompiler});
  EXPECT_TRUE(searcher.ProposeBuilds().empty());
  EXPECT_TRUE(searcher.Propose(8).empty());
}

TEST(FootholdSearcher, NeedsNoEstimates) {
  FootholdSearcher searcher({Valley(), 1, Knowledge::kCompiler});
  const SearchTrace run = RunTrials(searcher, Knowledge::kCompiler, 150, InTheValley, false);
  EXPECT_LE(TrialsToTheBest(run, Valley()), 100u);
  for (const Config& config : run.trials) EXPECT_GT(InTheValley(config), 0);
}

TEST(FootholdSearcher, MeasuresOneOfDuplicateProgramsFirst) {
  // Parameter d changes nothing, and the programs show it.
  const auto merit = [](const Config& c) { return 1.0 + c.choices[0] + c.choices[1]; };
  FootholdSearcher searcher({Space::Create({Range("a", 4), Range("b", 4), Range("d", 9)}).value(),
                             1, Knowledge::kCompiler});
  const SearchTrace run = RunTrials(searcher, Knowledge::kCompiler, 12, merit);
  std::set<std::pair<std::uint32_t, std::uint32_t>> programs;
  for (const Config& c : run.trials) programs.emplace(c.choices[0], c.choices[1]);
  EXPECT_EQ(programs.size(), run.trials.size());
}

TEST(FootholdSearcher, BuildsNothingWhereABuildCostsAsMuchAsATrial) {
  SearchProblem problem = {Valley(), 1, Knowledge::kCompiler};
  problem.builds_per_trial = 1;
  FootholdSearcher searcher(problem);
  EXPECT_TRUE(RunTrials(searcher, Knowledge::kCompiler, 60, InTheValley).builds.empty());
}

TEST(FootholdSearcher, BuildsNoMoreThanTrialsPayFor) {
  SearchProblem problem = {Valley(), 1, Knowledge::kCompiler};
  problem.builds_per_trial = 6;
  FootholdSearcher searcher(problem);
  const SearchTrace run = RunTrials(searcher, Knowledge::kCompiler, 60, InTheValley);
  // The last batch of builds may overdraw.
  EXPECT_LE(run.builds.size(), 6u * (8 + 60) + 64);
  for (const Config& config : run.trials) EXPECT_GT(InTheValley(config), 0);
}

TEST(FootholdSearcher, ConcludesWhenNothingBetterCanBeExpected) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    FootholdSearcher searcher({Valley(), seed, Knowledge::kCompiler});
    EXPECT_EQ(searcher.Conclusion(), "");
    SearchTrace all;
    while (searcher.Conclusion().empty() && all.trials.size() < 400) {
      const SearchTrace more = RunTrials(searcher, Knowledge::kCompiler, 1, InTheValley);
      all.trials.insert(all.trials.end(), more.trials.begin(), more.trials.end());
    }
    EXPECT_THAT(searcher.Conclusion(), ::testing::HasSubstr("programs left is faster"));
    EXPECT_LE(TrialsToTheBest(all, Valley()), all.trials.size()) << "concluded before the best";
  }
}

TEST(FootholdSearcher, WhatIsRetractedIsNothingToBeat) {
  FootholdSearcher searcher({Valley(), 1, Knowledge::kCompiler});
  std::optional<Config> lure;
  SearchTrace all = RunTrials(searcher, Knowledge::kCompiler, 1, [&](const Config& config) {
    if (InTheValley(config) > 0 && !lure) lure = config;
    return config == lure ? 1e6 : InTheValley(config);
  });
  ASSERT_TRUE(lure.has_value());
  Measurement demoted = MeasuredAs(*lure, 0);
  demoted.failure = Failure{Outcome::kRuntime, "run.crash", "signal 11"};
  searcher.Retract(demoted);
  while (searcher.Conclusion().empty() && all.trials.size() < 400) {
    const SearchTrace more = RunTrials(searcher, Knowledge::kCompiler, 1, InTheValley);
    all.trials.insert(all.trials.end(), more.trials.begin(), more.trials.end());
  }
  EXPECT_LE(TrialsToTheBest(all, Valley()), all.trials.size()) << "concluded before the best";
}

TEST(FootholdSearcher, DoesNotConcludeBlind) {
  FootholdSearcher searcher({Valley(), 1, Knowledge::kBlind});
  RunTrials(searcher, Knowledge::kBlind, 100, InTheValley);
  EXPECT_EQ(searcher.Conclusion(), "");
}

TEST(FootholdSearcher, TellsWhatIsProbablyValid) {
  FootholdSearcher searcher({Valley(), 1, Knowledge::kCompiler});
  RunTrials(searcher, Knowledge::kCompiler, 40, InTheValley);
  EXPECT_GT(searcher.ProbabilityValid({{10, 10, 1, 8}}), 0.5);
  EXPECT_LT(searcher.ProbabilityValid({{11, 2, 8, 8}}), 0.1);
}

/// A run of 100 trials on the valley by another seed.
EarlierRun EarlierValley(double (*merit)(const Config&)) {
  const Space space = Valley();
  FootholdSearcher searcher({space, 99, Knowledge::kBlind});
  const SearchTrace trace = RunTrials(searcher, Knowledge::kBlind, 100, merit);
  EarlierRun run{"", {}, {}, space.parameters(), {}};
  for (const Config& config : trace.trials) run.trials.push_back(MeasuredAs(config, merit(config)));
  return run;
}
double TheOtherWayRound(const Config& config) {
  Config mirrored = config;
  mirrored.choices[0] = 11 - config.choices[0];
  mirrored.choices[2] = 8 - config.choices[2];
  return InTheValley(mirrored);
}

/// Trials until the best of the valley, after a run on what `earlier` says.
std::size_t TrialsToTheBestAfter(double (*earlier)(const Config&), Knowledge knowledge,
                                 std::size_t trials) {
  SearchProblem problem{Valley(), 1, knowledge};
  problem.earlier_runs = {EarlierValley(earlier)};
  FootholdSearcher searcher(problem);
  return TrialsToTheBest(RunTrials(searcher, knowledge, trials, InTheValley), problem.space);
}

TEST(FootholdSearcher, NeedsFewTrialsWithAnEarlierRunOfTheTask) {
  EXPECT_LE(TrialsToTheBestAfter(InTheValley, Knowledge::kBlind, 100), 24u);
}

TEST(FootholdSearcher, FindsTheBestInSpiteOfAMisleadingRun) {
  EXPECT_LE(TrialsToTheBestAfter(TheOtherWayRound, Knowledge::kBlind, 300), 300u);
}

TEST(FootholdSearcher, BuildsWithEarlierRunsToo) {
  EXPECT_LE(TrialsToTheBestAfter(InTheValley, Knowledge::kCompiler, 64), 64u);
}

/// The valley, and behind it an island that is better than all of it.
double OnTheIsland(const Config& config) {
  const auto& c = config.choices;
  if (c[2] < 7) return InTheValley(config);
  return c[0] >= 9 && c[1] >= 9 && c[3] >= 6 ? 20 : 0;
}

// The earlier run says that nothing is valid there, and that the valley is.
TEST(FootholdSearcher, FindsWhatEarlierRunsRuledOut) {
  SearchProblem problem{Valley(), 1, Knowledge::kBlind};
  problem.earlier_runs = {EarlierValley(InTheValley)};
  FootholdSearcher searcher(problem);
  const SearchTrace run = RunTrials(searcher, Knowledge::kBlind, 300, OnTheIsland);
  const auto found = std::find_if(run.trials.begin(), run.trials.end(),
                                  [](const Config& config) { return OnTheIsland(config) == 20; });
  EXPECT_NE(found, run.trials.end());
}

}  // namespace
}  // namespace foothold::search
