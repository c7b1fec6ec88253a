#include "search/genetic/genetic_breeding.h"

#include <algorithm>

#include "base/check.h"

namespace foothold::search {
namespace {

/// The place whose stretch of the cumulated shares holds a uniform draw; `without` has none.
std::size_t DrawOne(std::span<const double> shares, std::size_t without, Rng& rng) {
  double total = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) total += i == without ? 0 : shares[i];
  const double drawn = rng.Uniform() * total;
  double sum = 0;
  std::size_t last = shares.size();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (i == without) continue;
    sum += shares[i];
    last = i;
    if (drawn < sum) return i;
  }
  FOOTHOLD_CHECK(last < shares.size());
  return last;  // rounding left the sum a little below the draw
}

}  // namespace

std::vector<ScoredConfig> Best(std::vector<ScoredConfig> configs, std::size_t count) {
  std::stable_sort(configs.begin(), configs.end(),
                   [](const auto& a, const auto& b) { return a.merit > b.merit; });
  if (configs.size() > count) configs.resize(count);
  return configs;
}

std::vector<double> ParentShares(std::span<const ScoredConfig> parents) {
  constexpr double kLeast = 1e-8;
  std::vector<double> shares;
  double sum = 0;
  for (const ScoredConfig& parent : parents) {
    shares.push_back(parent.merit + kLeast);
    sum += shares.back();
  }
  for (double& share : shares) share /= sum;
  return shares;
}

std::pair<std::size_t, std::size_t> DrawTwo(std::span<const double> shares, Rng& rng) {
  const std::size_t first = DrawOne(shares, shares.size(), rng);
  if (shares.size() == 1) return {first, first};
  return {first, DrawOne(shares, first, rng)};
}

Config Cross(const Config& first, const Config& second, std::size_t place) {
  Config child = second;
  std::copy_n(first.choices.begin(), place, child.choices.begin());
  return child;
}

void Mutate(const Space& space, Config& config, double probability, Rng& rng) {
  for (std::size_t i = 0; i < config.choices.size(); ++i) {
    if (rng.Uniform() >= probability) continue;
    config.choices[i] = static_cast<std::uint32_t>(rng.Below(space.parameters()[i].values.size()));
  }
}

}  // namespace foothold::search
