#include "search/visited.h"

#include "base/check.h"

namespace foothold {

Config Visited::SampleOther(Rng& rng) const {
  FOOTHOLD_CHECK(!All());
  Config config = space_.Sample(rng);
  while (Contains(config)) config = space_.Sample(rng);
  return config;
}

void RedrawOneParameter(const Space& space, Config& config, Rng& rng) {
  const std::size_t parameter = rng.Below(config.choices.size());
  const std::size_t values = space.parameters()[parameter].values.size();
  config.choices[parameter] = static_cast<std::uint32_t>(rng.Below(values));
}

}  // namespace foothold
