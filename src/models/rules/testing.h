#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "foothold/rng.h"
#include "foothold/space.h"
#include "foothold/target.h"

namespace foothold::testing {

/// Why a config fails, as stage and reason; nullopt when it is correct.
using Law = std::function<std::optional<std::pair<std::string, std::string>>(
    const std::vector<std::int64_t>&)>;

inline Measurement JudgedByLaw(const Space& space, const Config& config, const Law& law) {
  Measurement measurement;
  measurement.config = config;
  if (const auto failure = law(space.Values(config))) {
    measurement.failure = {Outcome::kCompile, failure->first, failure->second};
  } else {
    measurement.seconds = {1};
  }
  return measurement;
}

/// `count` uniform draws from the product of the parameters, judged by the law. A config may come
/// up again.
inline std::vector<Measurement> TrialsUnderLaw(const std::vector<Parameter>& parameters,
                                               const Law& law, std::size_t count,
                                               std::uint64_t seed) {
  const Space space = Space::Create(parameters).value();
  Rng rng(seed);
  std::vector<Measurement> trials;
  for (std::size_t i = 0; i < count; ++i) {
    trials.push_back(JudgedByLaw(space, space.Sample(rng), law));
  }
  return trials;
}

}  // namespace foothold::testing
