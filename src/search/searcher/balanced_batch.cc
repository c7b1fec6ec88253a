#include "search/searcher/balanced_batch.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace foothold::search {

std::size_t ManhattanDistance(const Config& a, const Config& b) {
  FOOTHOLD_CHECK(a.choices.size() == b.choices.size());
  std::size_t distance = 0;
  for (std::size_t i = 0; i < a.choices.size(); ++i) {
    distance += std::max(a.choices[i], b.choices[i]) - std::min(a.choices[i], b.choices[i]);
  }
  return distance;
}

std::vector<Config> PickDistant(std::span<const Config> configs, std::size_t count, Rng& rng) {
  std::vector<Config> picked;
  if (configs.empty() || count == 0) return picked;
  // To the nearest picked config; 0 for those that were picked, which are never picked again
  // because all others are at least one step away.
  std::vector<std::size_t> distances(configs.size(), std::numeric_limits<std::size_t>::max());
  std::size_t next = rng.Below(configs.size());
  for (;;) {
    picked.push_back(configs[next]);
    if (picked.size() == std::min(count, configs.size())) return picked;
    for (std::size_t i = 0; i < configs.size(); ++i) {
      distances[i] = std::min(distances[i], ManhattanDistance(configs[i], configs[next]));
    }
    next = static_cast<std::size_t>(std::max_element(distances.begin(), distances.end()) -
                                    distances.begin());
  }
}

std::vector<Config> PickBalanced(std::span<const Config> valid, std::span<const Config> invalid,
                                 std::size_t count, Rng& rng) {
  const std::size_t invalid_share = std::min(count / 2, invalid.size());
  const std::size_t from_valid = std::min(count - invalid_share, valid.size());
  std::vector<Config> batch = PickDistant(valid, from_valid, rng);
  for (Config& config : PickDistant(invalid, count - from_valid, rng)) {
    batch.push_back(std::move(config));
  }
  return batch;
}

}  // namespace foothold::search
