#include "search/ml2tuner/ml2tuner_searcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "search/searcher/testing/measurements.h"
#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

constexpr Knowledge kModes[] = {Knowledge::kBlind, Knowledge::kCompiler, Knowledge::kHardware};

/// 10,368 configs of which a corner, 1 in 12, is valid, and better towards one of its sides.
Space Cornered() {
  return Space::Create({Range("a", 12), Range("b", 12), Range("c", 9), Range("d", 8)}).value();
}
double InTheCorner(const Config& config) {
  const auto& c = config.choices;
  if (c[0] >= 4 || c[1] >= 3) return 0;
  return 1.0 + 0.2 * c[2] + 0.1 * c[3];
}

/// Answers the builds of one round of questions; the configs built. `metrics` is a function of the
/// config.
template <typename Merit, typename MetricsOf>
std::vector<Config> AnswerBuilds(Searcher& searcher, const Merit& merit, const MetricsOf& metrics) {
  std::vector<Config> all;
  for (;;) {
    const std::vector<Config> configs = searcher.ProposeBuilds();
    if (configs.empty()) return all;
    std::vector<BuildReport> reports;
    for (const Config& config : configs) {
      BuildReport& report = reports.emplace_back();
      report.config = config;
      if (merit(config) > 0) {
        report.metrics = metrics(config);
      } else {
        report.failure = Failure{Outcome::kCompile, "test", "no merit"};
      }
    }
    searcher.ObserveBuilds(reports);
    all.insert(all.end(), configs.begin(), configs.end());
  }
}
Metrics NoMetrics(const Config&) { return {}; }

struct Trials {
  std::vector<Config> measured;
  std::vector<Config> built;
};

/// At least `count` measurements, in batches of 8, unless the space ends.
template <typename Merit, typename MetricsOf = Metrics (*)(const Config&)>
Trials RunTrials(Searcher& searcher, Knowledge knowledge, std::size_t count, const Merit& merit,
                 const MetricsOf& metrics = NoMetrics) {
  Trials trials;
  while (trials.measured.size() < count) {
    if (knowledge != Knowledge::kBlind) {
      const std::vector<Config> built = AnswerBuilds(searcher, merit, metrics);
      trials.built.insert(trials.built.end(), built.begin(), built.end());
    }
    const std::vector<Config> batch = RunBatch(searcher, 8, merit);
    if (batch.empty()) break;
    trials.measured.insert(trials.measured.end(), batch.begin(), batch.end());
  }
  return trials;
}

std::size_t Distinct(const std::vector<Config>& configs) {
  return std::set<Config>(configs.begin(), configs.end()).size();
}

TEST(Ml2tunerSearcher, BuildsTwentyAndMeasuresTenOfThem) {
  const auto all_valid = [](const Config& config) { return 1.0 + config.choices[2]; };
  Ml2tunerSearcher searcher({Cornered(), 1, Knowledge::kCompiler});
  for (std::size_t round = 1; round <= 5; ++round) {
    const std::vector<Config> built = AnswerBuilds(searcher, all_valid, NoMetrics);
    EXPECT_EQ(built.size(), 20U);
    EXPECT_EQ(RunBatch(searcher, 8, all_valid).size(), 8U);
    EXPECT_TRUE(searcher.ProposeBuilds().empty()) << "two of the ten are still to be measured";
    EXPECT_EQ(RunBatch(searcher, 8, all_valid).size(), 2U);
  }
}

TEST(Ml2tunerSearcher, MeasuresOnlyWhatBuilds) {
  for (const Knowledge knowledge : {Knowledge::kCompiler, Knowledge::kHardware}) {
    Ml2tunerSearcher searcher({Cornered(), 2, knowledge});
    const Trials trials = RunTrials(searcher, knowledge, 100, InTheCorner);
    const std::set<Config> built(trials.built.begin(), trials.built.end());
    for (const Config& config : trials.measured) {
      EXPECT_GT(InTheCorner(config), 0);
      EXPECT_EQ(built.count(config), 1U);
    }
    EXPECT_EQ(built.size(), trials.built.size());
    EXPECT_EQ(Distinct(trials.measured), trials.measured.size());
  }
}

/// The share of valid configs among those from `first` on.
double ValidShare(const std::vector<Config>& configs, std::size_t first) {
  const auto valid = std::count_if(configs.begin() + static_cast<std::ptrdiff_t>(first),
                                   configs.end(), [](const auto& c) { return InTheCorner(c) > 0; });
  return static_cast<double>(valid) / static_cast<double>(configs.size() - first);
}

// One in 12 is valid at random.
TEST(Ml2tunerSearcher, LearnsWhatIsValid) {
  Ml2tunerSearcher blind({Cornered(), 3, Knowledge::kBlind});
  EXPECT_TRUE(blind.ProposeBuilds().empty());
  EXPECT_GT(ValidShare(RunTrials(blind, Knowledge::kBlind, 250, InTheCorner).measured, 150), 0.6);
  Ml2tunerSearcher building({Cornered(), 3, Knowledge::kCompiler});
  const Trials trials = RunTrials(building, Knowledge::kCompiler, 100, InTheCorner);
  EXPECT_GT(ValidShare(trials.built, trials.built.size() - 60), 0.6);
}

TEST(Ml2tunerSearcher, LearnsWhatIsGood) {
  for (const Knowledge knowledge : kModes) {
    Ml2tunerSearcher searcher({Cornered(), 4, knowledge});
    const std::vector<Config> measured = RunTrials(searcher, knowledge, 300, InTheCorner).measured;
    const auto best = std::max_element(
        measured.begin(), measured.end(),
        [](const auto& a, const auto& b) { return InTheCorner(a) < InTheCorner(b); });
    EXPECT_DOUBLE_EQ(InTheCorner(*best), 3.3) << "only 12 configs have it";
  }
}

/// Merit is noise to the knobs, and the metric tells it.
double Scrambled(const Config& config) {
  std::uint64_t hash = 17;
  for (const std::uint32_t choice : config.choices) hash = (hash * 31 + choice) * 2654435761U;
  return 1 + static_cast<double>(hash >> 16 & 0xFFU);
}

TEST(Ml2tunerSearcher, PicksByTheProgramsMetrics) {
  const auto metrics = [](const Config& config) {
    return Metrics{{"gemm_ops", 3}, {"stalls", 300 - Scrambled(config)}};
  };
  const auto mean = [](const Trials& trials) {
    double sum = 0;
    for (std::size_t i = 50; i < 150; ++i) sum += Scrambled(trials.measured[i]);
    return sum / 100;
  };
  Ml2tunerSearcher informed({Cornered(), 5, Knowledge::kCompiler});
  Ml2tunerSearcher uninformed({Cornered(), 5, Knowledge::kCompiler});
  const double with = mean(RunTrials(informed, Knowledge::kCompiler, 150, Scrambled, metrics));
  const double without = mean(RunTrials(uninformed, Knowledge::kCompiler, 150, Scrambled));
  // The better half of uniform ones has three quarters of the range, all of them one half.
  EXPECT_GT(with, without + 40);
}

TEST(Ml2tunerSearcher, ExhaustsSmallSpacesInEveryMode) {
  const auto merits = {+[](const Config&) { return 0.0; }, +[](const Config&) { return 1.0; },
                       +[](const Config& c) { return c.choices[0] == 1 ? 2.0 : 0.0; }};
  for (const Space& space : {SmallSpace(), FreeSpace()}) {
    for (const Knowledge knowledge : kModes) {
      for (const auto merit : merits) {
        Ml2tunerSearcher searcher({space, 6, knowledge});
        const Trials trials = RunTrials(searcher, knowledge, 1000, merit);
        EXPECT_EQ(Distinct(trials.measured), trials.measured.size());
        EXPECT_EQ(Distinct(trials.built), trials.built.size());
        for (const Config& config : ValidConfigsInIndexOrder(space)) {
          const auto times = std::count(trials.measured.begin(), trials.measured.end(), config);
          EXPECT_EQ(times, knowledge == Knowledge::kBlind || merit(config) > 0 ? 1 : 0);
        }
      }
    }
  }
  for (const Knowledge knowledge : kModes) {
    Ml2tunerSearcher nothing({EmptySpace(), 1, knowledge});
    EXPECT_TRUE(nothing.ProposeBuilds().empty());
    EXPECT_TRUE(nothing.Propose(4).empty());
  }
}

TEST(Ml2tunerSearcher, ProposesEachConfigOnceWhenNothingIsObserved) {
  for (const Knowledge knowledge : kModes) {
    Ml2tunerSearcher searcher({FreeSpace(), 7, knowledge});
    std::vector<Config> proposed;
    for (;;) {
      if (knowledge != Knowledge::kBlind) {
        AnswerBuilds(
            searcher, [](const Config&) { return 1.0; }, NoMetrics);
      }
      const std::vector<Config> batch = searcher.Propose(7);
      if (batch.empty()) break;
      proposed.insert(proposed.end(), batch.begin(), batch.end());
    }
    EXPECT_EQ(proposed.size(), FreeSpace().valid_count());
    EXPECT_EQ(Distinct(proposed), proposed.size());
  }
}

// Programs may build and fail when run.
TEST(Ml2tunerSearcher, LearnsFromRunsThatFail) {
  const auto builds = [](const Config&) { return 1.0; };
  Ml2tunerSearcher searcher({Cornered(), 8, Knowledge::kCompiler});
  std::vector<Config> measured;
  while (measured.size() < 250) {
    AnswerBuilds(searcher, builds, NoMetrics);
    const std::vector<Config> batch = RunBatch(searcher, 8, InTheCorner);
    measured.insert(measured.end(), batch.begin(), batch.end());
  }
  EXPECT_GT(ValidShare(measured, 150), 0.4);
}

TEST(Ml2tunerSearcher, TheSeedAloneDecidesTheSequence) {
  for (const Knowledge knowledge : kModes) {
    const auto run = [&](std::uint64_t seed) {
      Ml2tunerSearcher searcher({Cornered(), seed, knowledge});
      return RunTrials(searcher, knowledge, 60, InTheCorner).measured;
    };
    EXPECT_EQ(run(1), run(1));
    EXPECT_NE(run(1), run(2));
  }
}

}  // namespace
}  // namespace foothold::search
