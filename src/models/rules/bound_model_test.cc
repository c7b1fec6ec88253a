#include "models/rules/bound_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "models/rules/testing.h"

namespace foothold::models {
namespace {

using foothold::testing::Law;

std::vector<Parameter> BoundedTiles() {
  return {{"tile_h", {1, 2, 4, 8, 16, 32}},
          {"tile_w", {1, 2, 4, 8, 16, 32}},
          {"tile_co", {1, 2, 4, 8, 16}},
          {"threads", {1, 2, 4}},
          {"order", {0, 1}},
          {"fixed", {3}}};
}
const FailureKind kKind = {Outcome::kCompile, "lower", "needs N"};

void Observe(BoundModel& model, const Measurement& trial) {
  if (trial.failure) {
    model.ObserveFailure(trial.config, KindOf(*trial.failure));
  } else {
    model.ObserveValid(trial.config);
  }
}

double ProbabilityOf(BoundModel& model, const Config& config) {
  double probability = 0;
  model.Probabilities(std::span(&config, 1), std::span(&probability, 1));
  return probability;
}

/// Mean square error over all of the space, after `trials` random ones; with the error of one who
/// knows the share of valid configs and nothing else.
struct Errors {
  double ours = 0;
  double of_share = 0;
};
Errors ErrorsAfter(const Law& law, std::size_t trials, std::uint64_t seed) {
  const Space space = Space::Create(BoundedTiles()).value();
  BoundModel model(space);
  for (const Measurement& trial :
       foothold::testing::TrialsUnderLaw(BoundedTiles(), law, trials, seed)) {
    Observe(model, trial);
  }
  Errors errors;
  double valid = 0;
  const auto count = static_cast<double>(space.valid_count());
  for (std::uint64_t rank = 0; rank < space.valid_count(); ++rank) {
    const Config config = space.Unrank(rank);
    const double label = law(space.Values(config)) ? 0 : 1;
    valid += label;
    errors.ours += std::pow(ProbabilityOf(model, config) - label, 2) / count;
  }
  errors.of_share = valid / count * (1 - valid / count);
  return errors;
}

TEST(BoundModel, SaysNothingBeforeItHasSeenBoth) {
  BoundModel model(Space::Create(BoundedTiles()).value());
  EXPECT_FALSE(model.can_foretell());
  model.ObserveFailure({{5, 5, 0, 0, 0, 0}}, kKind);
  EXPECT_FALSE(model.can_foretell());
  model.ObserveValid({{0, 0, 0, 0, 0, 0}});
  EXPECT_TRUE(model.can_foretell());
}

TEST(BoundModel, IsUncertainAtFirst) {
  BoundModel model(Space::Create(BoundedTiles()).value());
  model.ObserveValid({{1, 1, 1, 1, 0, 0}});
  model.ObserveFailure({{4, 4, 1, 1, 0, 0}}, kKind);
  EXPECT_LT(ProbabilityOf(model, {{5, 5, 1, 1, 0, 0}}), 0.3) << "more of what failed";
  EXPECT_EQ(ProbabilityOf(model, {{1, 1, 1, 1, 0, 0}}), 1);
  const double by_width_alone = ProbabilityOf(model, {{1, 4, 1, 1, 0, 0}});
  EXPECT_GT(by_width_alone, 0.3);
  EXPECT_LT(by_width_alone, 0.8);
}

TEST(BoundModel, FindsAProduct) {
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[0] * v[1] * v[2] > 256) return std::pair("capacity", "needs 3 B of 2 B");
    return {};
  };
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    const Errors errors = ErrorsAfter(law, 60, seed);
    EXPECT_LT(errors.ours, 0.2 * errors.of_share);
  }
}

TEST(BoundModel, FindsABoundFromBelowUnderACondition) {
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[4] == 1 && v[1] * v[2] < 8) return std::pair("hazard", "within 3");
    return {};
  };
  const Errors errors = ErrorsAfter(law, 150, 1);
  EXPECT_LT(errors.ours, 0.2 * errors.of_share);
}

// No bound says that 8 tiles split over 2 threads, 2 over none but 2, and 1 over none.
TEST(BoundModel, ExplainsByPartsWhatOneBoundDoesNot) {
  const Law law = [](const auto& v) -> Law::result_type {
    const std::int64_t tiles = v[0] == 1 ? 7 : v[0] == 2 ? 4 : 2;
    if (tiles % v[3] != 0) return std::pair("threads", "7 tiles do not split over 2");
    return {};
  };
  const Errors errors = ErrorsAfter(law, 150, 1);
  EXPECT_LT(errors.ours, 0.1 * errors.of_share);
}

TEST(BoundModel, AsksThatNoKindOfFailureHappens) {
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[2] * v[3] > 16) return std::pair("threads", "1 does not split over 2");
    if (v[0] * v[1] > 64) return std::pair("capacity", "needs 4 of 3");
    return {};
  };
  const Errors errors = ErrorsAfter(law, 120, 1);
  EXPECT_LT(errors.ours, 0.2 * errors.of_share);
}

TEST(BoundModel, ForgetsABoundThatAValidConfigContradicts) {
  BoundModel model(Space::Create(BoundedTiles()).value());
  model.ObserveValid({{0, 0, 0, 0, 0, 0}});
  for (const std::uint32_t w : {3U, 4U, 5U}) model.ObserveFailure({{0, w, 0, 0, 0, 0}}, kKind);
  const Config wide = {{0, 5, 4, 0, 0, 0}};
  EXPECT_LT(ProbabilityOf(model, wide), 0.1);
  model.ObserveValid(wide);
  EXPECT_EQ(ProbabilityOf(model, wide), 1);
  EXPECT_GT(ProbabilityOf(model, {{0, 4, 4, 0, 0, 0}}), 0.5);
}

TEST(BoundModel, IsNotMisledForLongByAFlakyFailure) {
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[0] * v[1] > 64) return std::pair("capacity", "needs 3 B of 2 B");
    return {};
  };
  const Space space = Space::Create(BoundedTiles()).value();
  BoundModel model(space);
  model.ObserveFailure({{2, 2, 2, 1, 0, 0}}, {Outcome::kRuntime, "run", "the board was away"});
  for (const Measurement& trial : foothold::testing::TrialsUnderLaw(BoundedTiles(), law, 100, 1)) {
    Observe(model, trial);
  }
  double mean = 0;
  std::size_t valid = 0;
  for (std::uint64_t rank = 0; rank < space.valid_count(); ++rank) {
    const Config config = space.Unrank(rank);
    if (law(space.Values(config))) continue;
    mean += ProbabilityOf(model, config);
    ++valid;
  }
  EXPECT_GT(mean / static_cast<double>(valid), 0.9);
}

TEST(BoundModel, TakesParametersWithoutLogarithms) {
  BoundModel model(Space::Create({{"offset", {-1, 0, 1, 2}}, {"only", {0}}}).value());
  model.ObserveValid({{0, 0}});
  model.ObserveValid({{1, 0}});
  model.ObserveFailure({{2, 0}}, kKind);
  model.ObserveFailure({{3, 0}}, kKind);
  EXPECT_LT(ProbabilityOf(model, {{3, 0}}), 0.1);
  EXPECT_EQ(ProbabilityOf(model, {{1, 0}}), 1);
}

TEST(BoundModel, KeepsTheLatestFailures) {
  // The first 100 failures say that height fails, and so do the next 300 of width.
  BoundModel model(Space::Create({{"h", {1, 2, 4, 8}}, {"w", {1, 2, 4, 8}}}).value());
  model.ObserveValid({{0, 0}});
  for (int i = 0; i < 100; ++i) model.ObserveFailure({{3, 0}}, kKind);
  EXPECT_LT(ProbabilityOf(model, {{3, 0}}), 0.1);
  for (int i = 0; i < 300; ++i) model.ObserveFailure({{0, 3}}, kKind);
  EXPECT_LT(ProbabilityOf(model, {{0, 3}}), 0.1);
  EXPECT_GT(ProbabilityOf(model, {{3, 0}}), 0.3);
}

// As when a compiler's messages hold names that it makes up.
TEST(BoundModel, LearnsThoughEachFailureHasItsOwnWords) {
  const Space space = Space::Create(BoundedTiles()).value();
  BoundModel model(space);
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[0] * v[1] > 64) return std::pair("capacity", "needs more");
    return {};
  };
  int trials = 0;
  for (Measurement trial : foothold::testing::TrialsUnderLaw(BoundedTiles(), law, 400, 1)) {
    if (trial.failure) {
      trial.failure->reason.append(static_cast<std::size_t>(trials % 20) + 1, 'a');
    }
    ++trials;
    Observe(model, trial);
  }
  EXPECT_LT(ProbabilityOf(model, {{5, 5, 3, 1, 0, 0}}), 0.05);
  EXPECT_LT(ProbabilityOf(model, {{4, 4, 4, 2, 1, 0}}), 0.05);
  EXPECT_GT(ProbabilityOf(model, {{2, 3, 4, 2, 1, 0}}), 0.8);
}

// --- against the average over all bounds, computed as the definition says ---

/// Two positive parameters: all bounds are on a, b, a * b and a / b, everywhere or at one value.
class EveryBound {
 public:
  EveryBound(const Space& space, const std::vector<Config>& valid,
             const std::vector<Config>& failed)
      : space_(space), valid_(valid), failed_(failed) {}

  /// P(valid), by one part; nullopt where the likeliest bound leaves a failure unexplained.
  std::optional<double> Probability(const Config& config) {
    double total = std::exp(-3.5 * static_cast<double>(failed_.size()));
    double fails = 0, most = -std::numeric_limits<double>::infinity();
    bool best_explains_all = false;
    for (int parameter = -1; parameter < 2; ++parameter) {
      const std::uint32_t choices =
          parameter < 0 ? 1 : static_cast<std::uint32_t>(Values(parameter).size());
      for (std::uint32_t choice = 0; choice < choices; ++choice) {
        for (const auto& exponents : {std::pair(1, 0), {0, 1}, {1, 1}, {1, -1}}) {
          for (const int sign : {1, -1}) {
            const auto holds = [&](const Config& c) {
              return parameter < 0 || c.choices[static_cast<std::size_t>(parameter)] == choice;
            };
            const auto term = [&](const Config& c) {
              const auto values = space_.Values(c);
              return sign * (exponents.first * std::log2(static_cast<double>(values[0])) +
                             exponents.second * std::log2(static_cast<double>(values[1])));
            };
            double passed = -std::numeric_limits<double>::infinity();
            for (const Config& c : valid_) {
              if (holds(c)) passed = std::max(passed, term(c));
            }
            double nearest = std::numeric_limits<double>::infinity();
            double unexplained = 0;
            for (const Config& c : failed_) {
              if (holds(c) && term(c) > passed + 1e-4) {
                nearest = std::min(nearest, term(c));
              } else {
                ++unexplained;
              }
            }
            if (std::isinf(nearest)) continue;
            const int size = (exponents.first != 0 ? 1 : 0) + (exponents.second != 0 ? 1 : 0);
            const double log_evidence = -1.4 * size - (parameter < 0 ? 0 : 3) - 3.5 * unexplained;
            if (log_evidence > most) {
              most = log_evidence;
              best_explains_all = unexplained == 0;
            }
            total += std::exp(log_evidence);
            if (!holds(config) || term(config) <= passed) continue;
            const double share = term(config) >= nearest - 1e-4 ? 1
                                 : std::isinf(passed)
                                     ? 0.5
                                     : (term(config) - passed) / (nearest - passed);
            fails += std::exp(log_evidence) * share;
          }
        }
      }
    }
    if (!best_explains_all) return std::nullopt;
    return 1 - fails / total;
  }

 private:
  const std::vector<std::int64_t>& Values(int parameter) const {
    return space_.parameters()[static_cast<std::size_t>(parameter)].values;
  }
  const Space& space_;
  const std::vector<Config>& valid_;
  const std::vector<Config>& failed_;
};

TEST(BoundModel, ComesNearTheAverageOverEveryBound) {
  const Space space = Space::Create({{"a", {1, 2, 4, 8, 16}}, {"b", {1, 2, 4, 8, 16}}}).value();
  std::size_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Rng rng(seed);
    BoundModel model(space);
    std::vector<Config> valid, failed;
    for (int i = 0; i < 8; ++i) {
      const Config config = space.Sample(rng);
      const auto values = space.Values(config);
      if (values[0] * values[1] > 16) {
        failed.push_back(config);
        model.ObserveFailure(config, kKind);
      } else {
        valid.push_back(config);
        model.ObserveValid(config);
      }
    }
    if (!model.can_foretell()) continue;
    EveryBound oracle(space, valid, failed);
    for (std::uint64_t rank = 0; rank < space.valid_count(); ++rank) {
      const Config config = space.Unrank(rank);
      const std::optional<double> expected = oracle.Probability(config);
      if (!expected) continue;
      ++compared;
      EXPECT_NEAR(ProbabilityOf(model, config), *expected, 0.08)
          << ::testing::PrintToString(config.choices);
    }
  }
  EXPECT_GT(compared, 500u);
}

}  // namespace
}  // namespace foothold::models
