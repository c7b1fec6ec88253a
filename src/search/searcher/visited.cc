#include "search/searcher/visited.h"

#include "base/check.h"

namespace foothold::search {

Config Visited::SampleOther(Rng& rng) const {
  FOOTHOLD_CHECK(!All());
  Config config = space_.Sample(rng);
  while (Contains(config)) config = space_.Sample(rng);
  return config;
}

std::vector<Config> SampleDistinct(const Space& space, std::size_t count, Rng& rng) {
  Visited taken(space);
  std::vector<Config> configs;
  while (configs.size() < count && !taken.All()) {
    configs.push_back(taken.SampleOther(rng));
    taken.Insert(configs.back());
  }
  return configs;
}

void RedrawOneParameter(const Space& space, Config& config, Rng& rng) {
  const std::size_t parameter = rng.Below(config.choices.size());
  const std::size_t values = space.parameters()[parameter].values.size();
  config.choices[parameter] = static_cast<std::uint32_t>(rng.Below(values));
}

}  // namespace foothold::search
