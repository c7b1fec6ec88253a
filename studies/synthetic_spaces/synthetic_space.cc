#include "studies/synthetic_spaces/synthetic_space.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "foothold/rng.h"

namespace foothold::studies {
namespace {

using Levels = std::vector<double>;  ///< of a config: each choice, from 0 to 1

constexpr std::size_t kValues = 10;
constexpr std::size_t kParameters = 6;

double Between(Rng& rng, double low, double high) { return low + (high - low) * rng.Uniform(); }

std::vector<std::int64_t> Count(std::size_t values) {
  std::vector<std::int64_t> count(values);
  std::iota(count.begin(), count.end(), 1);
  return count;
}

std::vector<std::int64_t> PowersOfTwo(std::size_t values) {
  std::vector<std::int64_t> powers;
  for (std::size_t i = 0; i < values; ++i) powers.push_back(std::int64_t{1} << i);
  return powers;
}

Space SpaceOf(std::size_t parameters, const std::vector<std::int64_t>& values, bool is_ordered) {
  std::vector<Parameter> all;
  for (std::size_t i = 0; i < parameters; ++i) {
    all.push_back({fmt::format("p{}", i), values, {}, is_ordered});
  }
  return Space::Create(std::move(all)).value();
}

Levels LevelsOf(const Space& space, const Config& config) {
  Levels levels;
  for (std::size_t i = 0; i < config.choices.size(); ++i) {
    const auto last = static_cast<double>(space.parameters()[i].values.size() - 1);
    levels.push_back(last > 0 ? config.choices[i] / last : 0);
  }
  return levels;
}

/// From 0 to 1, as if drawn at random for each config.
double HashOf(const Space& space, const Config& config, std::uint64_t salt) {
  return Rng(space.IndexOf(config) * 2 + salt * 0x9e3779b97f4a7c15ULL).Uniform();
}

/// A random order of the parameters.
std::vector<std::size_t> Shuffled(std::size_t count, Rng& rng) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  rng.Shuffle(order);
  return order;
}

/// Logarithm of the seconds: a bowl whose axes are turned a little, and what no model can know.
class Bowl {
 public:
  Bowl(std::size_t parameters, double low, double high, Rng& rng) : salt_(rng.Next()) {
    for (std::size_t i = 0; i < parameters; ++i) {
      weights_.push_back(Between(rng, 0.5, 3));
      centres_.push_back(Between(rng, low, high));
      twists_.push_back(Between(rng, -0.6, 0.6));
    }
  }

  double operator()(const Space& space, const Config& config) const {
    const Levels levels = LevelsOf(space, config);
    double sum = 0.05 * HashOf(space, config, salt_);
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const std::size_t next = (i + 1) % levels.size();
      const double own = levels[i] - centres_[i];
      const double other = levels[next] - centres_[next];
      sum += weights_[i] * own * own +
             twists_[i] * std::sqrt(weights_[i] * weights_[next]) * own * other;
    }
    return sum;
  }
  const std::vector<double>& centres() const { return centres_; }

 private:
  std::uint64_t salt_;
  std::vector<double> weights_, centres_, twists_;
};

/// A number that a config must not exceed.
using Measure = std::function<double(const Config& config)>;
/// How a config fails, as a stage; empty: it does not.
using Judge = std::function<std::string(const Config& config)>;

/// Bounds on the measures, all at the same quantile, such that about `share` of the configs pass.
std::vector<double> BoundsFor(const Space& space, const std::vector<Measure>& measures,
                              double share, Rng& rng) {
  constexpr std::size_t kDraws = 20'000;
  std::vector<std::vector<double>> drawn(measures.size());
  for (std::size_t d = 0; d < kDraws; ++d) {
    const Config config = space.Sample(rng);
    for (std::size_t m = 0; m < measures.size(); ++m) drawn[m].push_back(measures[m](config));
  }
  std::vector<std::vector<double>> sorted = drawn;
  for (auto& values : sorted) std::sort(values.begin(), values.end());
  std::size_t low = 0, high = kDraws - 1;
  while (low < high) {
    const std::size_t at = (low + high) / 2;
    std::size_t passed = 0;
    for (std::size_t d = 0; d < kDraws; ++d) {
      bool passes = true;
      for (std::size_t m = 0; m < measures.size(); ++m)
        passes = passes && drawn[m][d] <= sorted[m][at];
      passed += passes ? 1 : 0;
    }
    if (static_cast<double>(passed) < share * kDraws) {
      low = at + 1;
    } else {
      high = at;
    }
  }
  std::vector<double> bounds;
  for (const auto& values : sorted) bounds.push_back(values[low]);
  return bounds;
}

Judge Bounded(const Space& space, std::vector<Measure> measures, double share, Rng& rng) {
  std::vector<double> bounds = BoundsFor(space, measures, share, rng);
  return [measures = std::move(measures), bounds = std::move(bounds)](const Config& config) {
    for (std::size_t m = 0; m < measures.size(); ++m) {
      if (measures[m](config) > bounds[m] + 1e-9) return fmt::format("check {}", m);
    }
    return std::string();
  };
}

struct Parts {
  Space space;
  Judge judge;
  std::function<double(const Config& config)> log_seconds;
};

Parts WithBowl(Space space, Judge judge, double low, double high, Rng& rng) {
  auto bowl = std::make_shared<Bowl>(space.parameters().size(), low, high, rng);
  auto log_seconds = [space, bowl](const Config& config) { return (*bowl)(space, config); };
  return {std::move(space), std::move(judge), std::move(log_seconds)};
}

/// A sum of levels, as the logarithm of a product.
Measure SumOf(const Space& space, std::vector<std::size_t> of) {
  return [space, of = std::move(of)](const Config& config) {
    const Levels levels = LevelsOf(space, config);
    double sum = 0;
    for (const std::size_t i : of) sum += levels[i];
    return sum;
  };
}

/// Products of sizes that are too large, while large is fast.
Parts Products(Rng& rng) {
  const Space space = SpaceOf(kParameters, PowersOfTwo(kValues), true);
  const std::vector<std::size_t> order = Shuffled(kParameters, rng);
  std::vector<Measure> measures = {SumOf(space, {order[0], order[1], order[2]}),
                                   SumOf(space, {order[2], order[3]}),
                                   SumOf(space, {order[4], order[5], order[0]})};
  return WithBowl(space, Bounded(space, std::move(measures), 0.04, rng), 0.3, 0.9, rng);
}

/// What does not divide fails.
Parts Modulo(Rng& rng) {
  const Space space = SpaceOf(kParameters, Count(kValues), true);
  const std::vector<std::size_t> p = Shuffled(kParameters, rng);
  const auto shift = static_cast<std::int64_t>(rng.Below(3));
  Judge judge = [space, p, shift](const Config& config) -> std::string {
    const std::vector<std::int64_t> v = space.Values(config);
    if (v[p[0]] * v[p[1]] % 4 != 0 || (v[p[2]] + v[p[3]] + shift) % 3 != 0) return "size";
    return v[p[4]] % v[p[5]] != 0 ? "divide" : "";
  };
  return WithBowl(space, std::move(judge), 0.1, 0.9, rng);
}

/// Two bands across three parameters each.
Parts Interaction(Rng& rng) {
  const Space space = SpaceOf(kParameters, Count(kValues), true);
  const std::vector<std::size_t> p = Shuffled(kParameters, rng);
  const auto band = [&](std::size_t a, std::size_t b, std::size_t c) -> Measure {
    const double centre = Between(rng, 0.2, 0.8);
    return [space, a, b, c, centre](const Config& config) {
      const Levels l = LevelsOf(space, config);
      return std::abs(l[a] * l[b] + l[c] - 0.5 - centre);
    };
  };
  std::vector<Measure> measures = {band(p[0], p[1], p[2]), band(p[3], p[4], p[5])};
  return WithBowl(space, Bounded(space, std::move(measures), 0.04, rng), 0.1, 0.9, rng);
}

/// A table of effects for pairs of values.
std::vector<std::vector<double>> Table(std::size_t rows, std::size_t columns, double most,
                                       Rng& rng) {
  std::vector<std::vector<double>> table(rows, std::vector<double>(columns));
  for (auto& row : table) {
    for (double& effect : row) effect = most * rng.Uniform();
  }
  return table;
}

/// Twelve values without an order, which act alone and in pairs.
Parts Categories(Rng& rng) {
  constexpr std::size_t kCategories = 12, kOf = 4;
  const Space space = SpaceOf(kOf, Count(kCategories), false);
  const auto alone = Table(kOf, kCategories, 1.2, rng);
  std::vector<std::vector<std::vector<double>>> pairs;
  for (std::size_t i = 0; i < kOf; ++i) pairs.push_back(Table(kCategories, kCategories, 0.5, rng));
  auto log_seconds = [alone, pairs](const Config& config) {
    double sum = 0;
    for (std::size_t i = 0; i < kOf; ++i) {
      sum += alone[i][config.choices[i]];
      sum += pairs[i][config.choices[i]][config.choices[(i + 1) % kOf]];
    }
    return sum;
  };
  return {space, [](const Config&) { return std::string(); }, std::move(log_seconds)};
}

/// All six places differ: orders of loops, without the constraint being declared.
Parts Permutation(Rng& rng) {
  const Space space = SpaceOf(kParameters, Count(kParameters), false);
  const auto places = Table(kParameters, kParameters, 0.8, rng);
  const auto follows = Table(kParameters, kParameters, 0.4, rng);
  Judge judge = [](const Config& config) -> std::string {
    std::vector<std::uint32_t> choices = config.choices;
    std::sort(choices.begin(), choices.end());
    return std::adjacent_find(choices.begin(), choices.end()) != choices.end() ? "twice" : "";
  };
  auto log_seconds = [places, follows](const Config& config) {
    double sum = 0;
    for (std::size_t i = 0; i < kParameters; ++i) {
      sum += places[i][config.choices[i]];
      if (i > 0) sum += follows[config.choices[i - 1]][config.choices[i]];
    }
    return sum;
  };
  return {space, std::move(judge), std::move(log_seconds)};
}

double DistanceTo(const Levels& levels, const Levels& centre) {
  double square = 0;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    square += (levels[i] - centre[i]) * (levels[i] - centre[i]);
  }
  return std::sqrt(square);
}

Measure DistanceFrom(const Space& space, Levels centre) {
  return [space, centre = std::move(centre)](const Config& config) {
    return DistanceTo(LevelsOf(space, config), centre);
  };
}

Levels CentreBetween(double low, double high, Rng& rng) {
  Levels centre;
  for (std::size_t i = 0; i < kParameters; ++i) centre.push_back(Between(rng, low, high));
  return centre;
}

/// A ball in the middle is valid, and all failures are alike.
Parts Middle(Rng& rng) {
  const Space space = SpaceOf(kParameters, Count(kValues), true);
  std::vector<Measure> measures = {DistanceFrom(space, CentreBetween(0.4, 0.6, rng))};
  return WithBowl(space, Bounded(space, std::move(measures), 0.02, rng), 0.35, 0.65, rng);
}

/// A large island and, far from it, a small one that is better.
Parts Islands(Rng& rng) {
  const Space space = SpaceOf(kParameters, Count(kValues), true);
  const Levels large = CentreBetween(0.1, 0.35, rng);
  const Levels small = CentreBetween(0.7, 0.9, rng);
  const double large_radius = BoundsFor(space, {DistanceFrom(space, large)}, 0.04, rng)[0];
  const double small_radius = BoundsFor(space, {DistanceFrom(space, small)}, 0.002, rng)[0];
  Judge judge = [space, large, small, large_radius, small_radius](const Config& config) {
    const Levels levels = LevelsOf(space, config);
    const bool is_valid =
        DistanceTo(levels, large) <= large_radius || DistanceTo(levels, small) <= small_radius;
    return std::string(is_valid ? "" : "refused");
  };
  auto log_seconds = [space, large, small, small_radius](const Config& config) {
    const Levels levels = LevelsOf(space, config);
    const double near = DistanceTo(levels, small);
    if (near <= small_radius) return near;
    return 0.4 + 1.5 * DistanceTo(levels, large);
  };
  return {space, std::move(judge), std::move(log_seconds)};
}

/// No model can know what is valid.
Parts Hash(Rng& rng) {
  const Space space = SpaceOf(kParameters, Count(kValues), true);
  const std::uint64_t salt = rng.Next();
  Judge judge = [space, salt](const Config& config) {
    return std::string(HashOf(space, config, salt) < 0.04 ? "" : "refused");
  };
  return WithBowl(space, std::move(judge), 0.2, 0.8, rng);
}

/// A tile with its halo: no product.
Parts Halo(Rng& rng) {
  const Space space = SpaceOf(kParameters, Count(kValues), true);
  const std::vector<std::size_t> p = Shuffled(kParameters, rng);
  const auto tile = [space](std::size_t h, std::size_t w, std::size_t c, std::int64_t kernel) {
    return Measure([=](const Config& config) {
      const std::vector<std::int64_t> v = space.Values(config);
      return static_cast<double>(((v[h] - 1) * 2 + kernel) * ((v[w] - 1) * 2 + kernel) * v[c]);
    });
  };
  std::vector<Measure> measures = {tile(p[0], p[1], p[2], 7), tile(p[3], p[4], p[5], 3)};
  return WithBowl(space, Bounded(space, std::move(measures), 0.04, rng), 0.3, 0.9, rng);
}

/// Two products must be the same, and so must two others.
Parts Equality(Rng& rng) {
  const Space space = SpaceOf(kParameters, PowersOfTwo(kValues), true);
  const std::vector<std::size_t> p = Shuffled(kParameters, rng);
  Judge judge = [p](const Config& config) -> std::string {
    const auto& c = config.choices;
    if (c[p[0]] != c[p[1]]) return "shape";
    return c[p[2]] + c[p[3]] != c[p[4]] + 3 ? "volume" : "";
  };
  return WithBowl(space, std::move(judge), 0.2, 0.8, rng);
}

/// Truth values, fractions, sizes and an algorithm, each with bounds of its own.
Parts Mixed(Rng& rng) {
  std::vector<Parameter> parameters = {
      {"algorithm", Count(5), {}, false},  {"flag", {0, 1}, {}, true},
      {"other_flag", {0, 1}, {}, true},    {"size", PowersOfTwo(10), {}, true},
      {"tile", PowersOfTwo(10), {}, true}, {"unroll", Count(10), {}, true},
      {"fraction", Count(20), {}, true},   {"order", Count(6), {}, false}};
  const Space space = Space::Create(std::move(parameters)).value();
  const auto caps = Table(5, 2, 6, rng);
  Judge judge = [space, caps](const Config& config) -> std::string {
    const auto& c = config.choices;
    const double cap = 3 + caps[c[0]][c[1]];
    if (c[3] + c[4] > cap) return "memory";
    if (c[2] == 1 && c[5] % 2 == 0) return "unroll";
    return c[5] + c[4] < 3 + c[0] || c[6] + 2 * c[5] > 20 ? "registers" : "";
  };
  const auto algorithms = Table(5, 6, 1, rng);
  auto bowl = std::make_shared<Bowl>(8, 0.3, 0.9, rng);
  auto log_seconds = [space, algorithms, bowl](const Config& config) {
    return algorithms[config.choices[0]][config.choices[7]] + (*bowl)(space, config);
  };
  return {space, std::move(judge), std::move(log_seconds)};
}

/// So many parameters that no model sees them all.
Parts Many(Rng& rng) {
  constexpr std::size_t kMany = 24;
  const Space space = SpaceOf(kMany, PowersOfTwo(4), true);
  const std::vector<std::size_t> p = Shuffled(kMany, rng);
  std::vector<Measure> measures = {SumOf(space, {p[0], p[1], p[2]}), SumOf(space, {p[3], p[4]}),
                                   SumOf(space, {p[5], p[6], p[7], p[8]})};
  Judge judge = Bounded(space, std::move(measures), 0.1, rng);
  std::vector<double> weights;
  for (std::size_t i = 0; i < kMany; ++i) weights.push_back(Between(rng, 0.01, 0.4));
  auto log_seconds = [space, weights](const Config& config) {
    const Levels levels = LevelsOf(space, config);
    double sum = 0;  // the least where all are at their first value, which is valid
    for (std::size_t i = 0; i < levels.size(); ++i) sum += weights[i] * levels[i];
    return sum;
  };
  return {space, std::move(judge), std::move(log_seconds)};
}

/// Times that nothing tells.
Parts Flat(Rng& rng) {
  const Space space = SpaceOf(kParameters, Count(kValues), true);
  const std::uint64_t salt = rng.Next();
  auto log_seconds = [space, salt](const Config& config) {
    return 2 * std::sqrt(HashOf(space, config, salt));
  };
  return {space, [](const Config&) { return std::string(); }, std::move(log_seconds)};
}

struct Family {
  std::string_view name;
  Parts (*make)(Rng& rng);
  bool is_tuned_on;
};
constexpr std::array<Family, 13> kFamilies = {{{"products", Products, true},
                                               {"modulo", Modulo, true},
                                               {"interaction", Interaction, true},
                                               {"categories", Categories, true},
                                               {"permutation", Permutation, true},
                                               {"middle", Middle, true},
                                               {"islands", Islands, true},
                                               {"hash", Hash, true},
                                               {"halo", Halo, true},
                                               {"mixed", Mixed, true},
                                               {"equality", Equality, false},
                                               {"many", Many, false},
                                               {"flat", Flat, false}}};

std::size_t IndexOf(std::string_view family) {
  const auto* const found = std::find_if(kFamilies.begin(), kFamilies.end(),
                                         [&](const Family& f) { return f.name == family; });
  FOOTHOLD_CHECK(found != kFamilies.end());
  return static_cast<std::size_t>(found - kFamilies.begin());
}

/// The least of all valid configs; where they are too many to go through, that of the first config,
/// which `many` makes the fastest.
void FindOptimum(SyntheticSpace& space) {
  constexpr std::uint64_t kMost = 4'000'000, kDraws = 100'000;
  const bool is_small = space.space.raw_size() <= kMost;
  const std::uint64_t configs = is_small ? space.space.raw_size() : kDraws;
  Rng rng(1);
  std::uint64_t valid = 0;
  space.optimum =
      is_small ? std::numeric_limits<double>::infinity() : space.seconds(space.space.AtIndex(0));
  for (std::uint64_t i = 0; i < configs; ++i) {
    const Config config = is_small ? space.space.AtIndex(i) : space.space.Sample(rng);
    if (space.failure(config)) continue;
    ++valid;
    if (is_small) space.optimum = std::min(space.optimum, space.seconds(config));
  }
  space.valid_share = static_cast<double>(valid) / static_cast<double>(configs);
  FOOTHOLD_CHECK(valid > 0 && std::isfinite(space.optimum));
}

}  // namespace

std::string_view ToString(SpaceSet set) { return set == SpaceSet::kTuning ? "tuning" : "report"; }

std::vector<std::string> SyntheticFamilies() {
  std::vector<std::string> names;
  for (const Family& family : kFamilies) names.emplace_back(family.name);
  return names;
}

SpaceSet SyntheticSetOf(std::string_view family, std::uint64_t instance) {
  FOOTHOLD_CHECK(instance >= 1);
  const bool is_tuning = kFamilies[IndexOf(family)].is_tuned_on && instance == 1;
  return is_tuning ? SpaceSet::kTuning : SpaceSet::kReport;
}

SyntheticSpace MakeSyntheticSpace(std::string_view family, std::uint64_t instance) {
  const std::size_t number = IndexOf(family);
  Rng rng(1000 * instance + number);
  Parts parts = kFamilies[number].make(rng);
  SyntheticSpace space{fmt::format("{}.{}", family, instance), SyntheticSetOf(family, instance),
                       parts.space, nullptr, nullptr};
  space.failure = [judge = parts.judge](const Config& config) -> std::optional<Failure> {
    const std::string stage = judge(config);
    if (stage.empty()) return std::nullopt;
    return Failure{Outcome::kRuntime, stage, ""};
  };
  space.seconds = [log_seconds = parts.log_seconds](const Config& config) {
    return 1e-3 * std::exp(log_seconds(config));
  };
  FindOptimum(space);
  return space;
}

}  // namespace foothold::studies
