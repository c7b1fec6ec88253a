#include "search/autotvm/annealing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

/// A smooth function with one greatest value, at the last choice of each parameter.
float Hill(const Config& config) {
  float sum = 0;
  for (std::size_t i = 0; i < config.choices.size(); ++i) {
    sum += static_cast<float>(config.choices[i]) * (1 + 0.1F * static_cast<float>(i));
  }
  return sum;
}

Annealing::Scorer Scored(float (*function)(const Config&)) {
  return [function](std::span<const Config> configs, std::span<float> scores) {
    std::transform(configs.begin(), configs.end(), scores.begin(), function);
  };
}

float Zero(const Config& /*config*/) { return 0; }

/// Scores everything 0 and remembers what it was asked.
struct Recorder {
  std::vector<std::vector<Config>> calls;
  Annealing::Scorer Scorer() {
    return [this](std::span<const Config> configs, std::span<float> scores) {
      calls.emplace_back(configs.begin(), configs.end());
      std::fill(scores.begin(), scores.end(), 0.0F);
    };
  }
};

std::size_t Differences(const Config& a, const Config& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.choices.size(); ++i) count += a.choices[i] != b.choices[i];
  return count;
}

TEST(Annealing, CoolsLinearly) {
  const Annealing annealing(FreeSpace(), {});
  EXPECT_DOUBLE_EQ(annealing.Temperature(0), 1);
  EXPECT_DOUBLE_EQ(annealing.Temperature(167), 2.0 / 3);
  EXPECT_NEAR(annealing.Temperature(500), 1.0 / 501, 1e-12);
  AnnealingOptions options;
  options.iterations = 9;
  options.start_temperature = 3;
  options.end_temperature = 2;
  EXPECT_DOUBLE_EQ(Annealing(FreeSpace(), options).Temperature(5), 2.5);
}

TEST(Annealing, AcceptsByTheTemperature) {
  EXPECT_DOUBLE_EQ(Annealing::Acceptance(0, 0.5), 1);
  EXPECT_DOUBLE_EQ(Annealing::Acceptance(-0.5F, 1), std::exp(-0.5 / 1.00001));
  EXPECT_DOUBLE_EQ(Annealing::Acceptance(-0.5F, 0.25), std::exp(-0.5 / 0.25001));
  EXPECT_GT(Annealing::Acceptance(1e-4F, 1), 1);
  EXPECT_DOUBLE_EQ(Annealing::Acceptance(1e30F, 1), std::exp(1));  // no overflow
  EXPECT_EQ(Annealing::Acceptance(-1, 0), 0);
}

// Steps that change nothing in the score are all accepted, so each batch is one step from the last.
TEST(Annealing, AStepChangesExactlyOneParameter) {
  for (const Space& space : {FreeSpace(), WideSpace()}) {
    Recorder recorder;
    Annealing annealing(space, {});
    Rng rng(1);
    annealing.FindMaxima(recorder.Scorer(), 8, {}, rng);
    std::set<std::size_t> changed;
    for (std::size_t call = 1; call < recorder.calls.size(); ++call) {
      for (std::size_t i = 0; i < recorder.calls[call].size(); ++i) {
        const Config& before = recorder.calls[call - 1][i];
        const Config& after = recorder.calls[call][i];
        const std::size_t differences = Differences(before, after);
        EXPECT_TRUE(space.IsValid(after));
        // A constrained walk goes on from an invalid config.
        if (space.constraints().empty()) {
          ASSERT_EQ(differences, 1u);
        } else {
          ASSERT_GE(differences, 1u);
        }
        for (std::size_t j = 0; j < after.choices.size(); ++j) {
          if (after.choices[j] != before.choices[j]) changed.insert(j);
        }
      }
    }
    EXPECT_EQ(changed.size(), space.parameters().size());
  }
}

TEST(Annealing, StartsFromDistinctPointsAndNoMoreThanThereAre) {
  Recorder recorder;
  const Space space = WideSpace();
  Annealing annealing(space, {});
  Rng rng(2);
  annealing.FindMaxima(recorder.Scorer(), 8, {}, rng);
  EXPECT_EQ(recorder.calls[0].size(), 128u);
  EXPECT_EQ(std::set<Config>(recorder.calls[0].begin(), recorder.calls[0].end()).size(), 128u);

  Recorder small;
  Annealing in_small(FreeSpace(), {});
  in_small.FindMaxima(small.Scorer(), 8, {}, rng);
  EXPECT_EQ(std::set<Config>(small.calls[0].begin(), small.calls[0].end()).size(), 60u);
}

// All scores are 0: the first points fill the heap, nothing ever enters it again, and 50 steps
// later it is over.
TEST(Annealing, StopsWhenTheBestDoNotChange) {
  Recorder recorder;
  Annealing annealing(WideSpace(), {});
  Rng rng(3);
  annealing.FindMaxima(recorder.Scorer(), 64, {}, rng);
  EXPECT_EQ(recorder.calls.size(), 1u + 50);

  AnnealingOptions patient;
  patient.patience = 10'000;
  Recorder longer;
  Annealing(WideSpace(), patient).FindMaxima(longer.Scorer(), 64, {}, rng);
  EXPECT_EQ(longer.calls.size(), 1u + 500);
}

// A new best at iteration 30 of those that score at all: 50 more follow it, 0 to 79 in all.
TEST(Annealing, CountsItsPatienceFromTheLastChange) {
  int calls = 0;
  const Annealing::Scorer score = [&](std::span<const Config> /*configs*/,
                                      std::span<float> scores) {
    ++calls;
    std::fill(scores.begin(), scores.end(), 0.0F);
    if (calls == 1 + 31) scores[0] = 1;
  };
  Annealing annealing(RoomySpace(), {});
  Rng rng(4);
  annealing.FindMaxima(score, 64, {}, rng);
  EXPECT_EQ(calls, 1 + 80);
}

TEST(Annealing, FindsTheBestOfASmallSpace) {
  const Space space = FreeSpace();
  std::vector<Config> all = ValidConfigsInIndexOrder(space);
  std::stable_sort(all.begin(), all.end(),
                   [](const Config& a, const Config& b) { return Hill(a) > Hill(b); });
  all.resize(10);
  Annealing annealing(space, {});
  Rng rng(5);
  const std::vector<Config> found = annealing.FindMaxima(Scored(&Hill), 10, {}, rng);
  ASSERT_EQ(found.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_FLOAT_EQ(Hill(found[i]), Hill(all[i])) << i;
  EXPECT_EQ(std::set<Config>(found.begin(), found.end()).size(), 10u);
}

TEST(Annealing, ClimbsInALargeSpace) {
  Annealing annealing(RoomySpace(), {});
  Rng rng(6);
  const std::vector<Config> found = annealing.FindMaxima(Scored(&Hill), 64, {}, rng);
  EXPECT_EQ(found[0], (Config{std::vector<std::uint32_t>(8, 9)}));
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end(),
                             [](const auto& a, const auto& b) { return Hill(a) > Hill(b); }));
}

TEST(Annealing, LeavesOutTheExcluded) {
  const Space space = FreeSpace();
  const Config best{{2, 3, 4}};
  Annealing annealing(space, {});
  Rng rng(7);
  EXPECT_EQ(annealing.FindMaxima(Scored(&Hill), 5, {}, rng)[0], best);
  const std::unordered_set<std::uint64_t> excluded = {space.IndexOf(best)};
  for (const Config& config : annealing.FindMaxima(Scored(&Hill), 59, excluded, rng)) {
    EXPECT_NE(config, best);
  }
}

TEST(Annealing, ReturnsNoNegativeScores) {
  const auto score = [](const Config& config) { return Hill(config) - 8; };
  const Space space = FreeSpace();
  const std::vector<Config> all = ValidConfigsInIndexOrder(space);
  const auto positive = std::count_if(all.begin(), all.end(),
                                      [&](const Config& config) { return score(config) >= 0; });
  ASSERT_GT(positive, 0);
  ASSERT_LT(positive, 20);
  Annealing annealing(space, {});
  Rng rng(8);
  EXPECT_EQ(annealing.FindMaxima(Scored(+score), 30, {}, rng).size(),
            static_cast<std::size_t>(positive));
}

TEST(Annealing, GoesOnWhereItEndedIfPersistent) {
  for (const bool persistent : {true, false}) {
    AnnealingOptions options;
    options.persistent = persistent;
    Annealing annealing(WideSpace(), options);
    Rng rng(9);
    annealing.FindMaxima(Scored(&Zero), 8, {}, rng);
    const std::vector<Config> ended(annealing.points().begin(), annealing.points().end());
    Recorder recorder;
    annealing.FindMaxima(recorder.Scorer(), 8, {}, rng);
    EXPECT_EQ(recorder.calls[0] == ended, persistent);
  }
}

TEST(Annealing, DoesNotHangWhereThereIsNowhereToGo) {
  const Space one = Space::Create({{"a", {4}}, {"b", {7}}}).value();
  Rng rng(10);
  EXPECT_EQ(Annealing(one, {}).FindMaxima(Scored(&Zero), 4, {}, rng).size(), 1u);
  const Space one_valid =
      Space::Create({Range("a", 30), Range("b", 30)},
                    {Constraint::Where("only one", {"a", "b"},
                                       [](auto v) { return v[0] == 3 && v[1] == 9; })})
          .value();
  EXPECT_EQ(Annealing(one_valid, {}).FindMaxima(Scored(&Zero), 4, {}, rng).size(), 1u);
}

}  // namespace
}  // namespace foothold::search
