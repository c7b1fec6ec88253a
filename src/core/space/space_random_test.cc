// Random small spaces against the obvious: every config of the product, every constraint evaluated.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "foothold/space.h"

namespace foothold::space {
namespace {

/// A constraint with a second, independent description of what it means.
struct JudgedConstraint {
  Constraint constraint;
  std::vector<std::size_t> parameters;
  std::function<bool(const std::vector<std::int64_t>&)> holds;
};

struct RandomSpace {
  std::vector<Parameter> parameters;
  std::vector<JudgedConstraint> constraints;
};

std::uint64_t Mix(std::uint64_t x) {
  x = (x ^ (x >> 31)) * 0x7fb5d329728ea185U;
  x = (x ^ (x >> 27)) * 0x81dadef4bc2dd44dU;
  return x ^ (x >> 33);
}

std::vector<std::size_t> SomeParameters(Rng& rng, std::size_t count) {
  std::vector<std::size_t> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = i;
  rng.Shuffle(all);
  all.resize(rng.Below(count + 1));
  return all;
}

JudgedConstraint RandomPredicate(Rng& rng, std::vector<std::size_t> own,
                                 std::vector<std::string> names) {
  const std::uint64_t salt = rng.Next();
  const std::uint64_t per_cent = 30 + rng.Below(70);
  const auto judge = [salt, per_cent](std::span<const std::int64_t> values) {
    std::uint64_t hash = salt;
    for (const std::int64_t value : values) hash = Mix(hash + static_cast<std::uint64_t>(value));
    return hash % 100 < per_cent;
  };
  return {Constraint::Where("random", std::move(names), judge), std::move(own), judge};
}

JudgedConstraint RandomProduct(Rng& rng, std::vector<std::size_t> own,
                               std::vector<std::string> names) {
  const auto coefficient = static_cast<std::int64_t>(rng.Below(6)) - 1;
  const auto limit = static_cast<std::int64_t>(rng.Below(400)) - 20;
  const auto judge = [coefficient, limit](const std::vector<std::int64_t>& values) {
    std::int64_t product = coefficient;  // at most 4 * 12^6
    for (const std::int64_t value : values) product *= value;
    return product <= limit;
  };
  return {Constraint::ProductAtMost("product", std::move(names), coefficient, limit),
          std::move(own), judge};
}

JudgedConstraint RandomFold(Rng& rng, std::vector<std::size_t> own,
                            std::vector<std::string> names) {
  const auto factor = static_cast<std::int64_t>(rng.Below(5));
  const auto modulus = static_cast<std::int64_t>(2 + rng.Below(9));
  const auto below = static_cast<std::int64_t>(1 + rng.Below(9));
  const auto step = [=](std::int64_t state, std::int64_t value) {
    return (state * factor + value) % modulus;
  };
  const auto judge = [=](const std::vector<std::int64_t>& values) {
    std::int64_t state = 1;
    for (const std::int64_t value : values) state = (state * factor + value) % modulus;
    return state < below;
  };
  return {Constraint::Fold("digits", std::move(names), 1, step,
                           [below](std::int64_t state) { return state < below; }),
          std::move(own), judge};
}

RandomSpace MakeRandomSpace(Rng& rng) {
  RandomSpace space;
  const std::size_t count = 1 + rng.Below(6);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::int64_t> values;
    for (std::int64_t value = 0; value <= 12; ++value) values.push_back(value);
    rng.Shuffle(values);
    values.resize(1 + rng.Below(5));
    space.parameters.push_back({fmt::format("p{}", i), values});
  }
  const std::size_t constraints = rng.Below(6);
  for (std::size_t c = 0; c < constraints; ++c) {
    std::vector<std::size_t> own = SomeParameters(rng, count);
    std::vector<std::string> names;
    for (const std::size_t parameter : own) names.push_back(space.parameters[parameter].name);
    switch (rng.Below(3)) {
      case 0:
        space.constraints.push_back(RandomPredicate(rng, own, names));
        break;
      case 1:
        space.constraints.push_back(RandomProduct(rng, own, names));
        break;
      default:
        space.constraints.push_back(RandomFold(rng, own, names));
    }
  }
  return space;
}

/// What is known of a space by looking at every config, the first parameter changing fastest.
class Oracle {
 public:
  explicit Oracle(const RandomSpace& space) {
    Config config{std::vector<std::uint32_t>(space.parameters.size())};
    while (true) {
      configs_.push_back(config);
      first_broken_.push_back(FirstBroken(space, config));
      if (first_broken_.back() < 0) valid_.insert(config);
      std::size_t i = 0;
      while (i < config.choices.size() &&
             ++config.choices[i] == space.parameters[i].values.size()) {
        config.choices[i++] = 0;
      }
      if (i == config.choices.size()) return;
    }
  }

  const std::vector<Config>& configs() const { return configs_; }
  const std::set<Config>& valid() const { return valid_; }
  /// Index of the constraint that the index-th config breaks first; -1 when it breaks none.
  int first_broken(std::size_t index) const { return first_broken_[index]; }

  std::vector<Config> Neighbours(const Config& config) const {
    std::vector<Config> result;
    for (std::size_t i = 0; i < config.choices.size(); ++i) {
      for (const std::uint32_t step : {UINT32_MAX, 1U}) {  // minus one, plus one
        Config moved = config;
        moved.choices[i] += step;
        if (valid_.count(moved) != 0) result.push_back(moved);
      }
    }
    return result;
  }

 private:
  static int FirstBroken(const RandomSpace& space, const Config& config) {
    for (std::size_t c = 0; c < space.constraints.size(); ++c) {
      std::vector<std::int64_t> values;
      for (const std::size_t parameter : space.constraints[c].parameters) {
        values.push_back(space.parameters[parameter].values[config.choices[parameter]]);
      }
      if (!space.constraints[c].holds(values)) return static_cast<int>(c);
    }
    return -1;
  }

  std::vector<Config> configs_;
  std::vector<int> first_broken_;
  std::set<Config> valid_;
};

void ExpectRanksAreABijection(const Space& space, const Oracle& oracle) {
  std::set<Config> seen;
  for (std::uint64_t rank = 0; rank < space.valid_count(); ++rank) {
    const Config config = space.Unrank(rank);
    ASSERT_TRUE(seen.insert(config).second) << "rank " << rank;
    ASSERT_EQ(space.Rank(config), rank);
  }
  ASSERT_EQ(seen, oracle.valid());
}

void ExpectEveryConfigIsJudgedAlike(const Space& space, const Oracle& oracle) {
  for (std::size_t index = 0; index < oracle.configs().size(); ++index) {
    const Config& config = oracle.configs()[index];
    ASSERT_EQ(space.AtIndex(index), config);
    ASSERT_EQ(space.IndexOf(config), index);
    const int broken = oracle.first_broken(index);
    ASSERT_EQ(space.IsValid(config), broken < 0);
    ASSERT_EQ(space.Rank(config).has_value(), broken < 0);
    const Constraint* first = space.FirstBroken(config);
    ASSERT_EQ(first, broken < 0 ? nullptr : &space.constraints()[static_cast<std::size_t>(broken)]);
    ASSERT_EQ(space.Neighbours(config), oracle.Neighbours(config));
  }
}

TEST(RandomSpaces, AgreeWithBruteForce) {
  constexpr std::uint64_t kSpaces = 600;
  std::uint64_t all_invalid = 0;
  std::uint64_t constrained = 0;
  for (std::uint64_t seed = 0; seed < kSpaces; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Rng rng(seed);
    const RandomSpace random = MakeRandomSpace(rng);
    const Oracle oracle(random);
    std::vector<Constraint> constraints;
    for (const JudgedConstraint& judged : random.constraints) {
      constraints.push_back(judged.constraint);
    }
    const Result<Space> space = Space::Create(random.parameters, constraints);
    ASSERT_TRUE(space.ok()) << space.status().message();
    ASSERT_EQ(space->raw_size(), oracle.configs().size());
    ASSERT_EQ(space->valid_count(), oracle.valid().size());
    ASSERT_NO_FATAL_FAILURE(ExpectRanksAreABijection(*space, oracle));
    ASSERT_NO_FATAL_FAILURE(ExpectEveryConfigIsJudgedAlike(*space, oracle));
    all_invalid += space->valid_count() == 0 ? 1 : 0;
    constrained += space->valid_count() < space->raw_size() ? 1 : 0;
  }
  // The generator makes every kind of space, or the test would show little.
  EXPECT_GT(all_invalid, 10U);
  EXPECT_GT(constrained, kSpaces / 2);
  EXPECT_LT(constrained, kSpaces);
}

}  // namespace
}  // namespace foothold::space
