#pragma once

#include <cmath>
#include <string>

#include "foothold/replayed_space.h"
#include "foothold/rng.h"

namespace foothold::testing {

struct SyntheticOptions {
  std::int64_t side = 40;  ///< the space is a square of so many values
  double invalid = 0;      ///< share of the configs that fail
  double valid_cost_s = 1;
  double invalid_cost_s = 2;
  std::uint64_t seed = 1;
};

/// Configs that have nothing to do with their times: nothing can be learned but what was seen.
inline RecordedSpace SyntheticRecords(const SyntheticOptions& options) {
  RecordedSpace space;
  space.device = "nowhere";
  space.kernel = "noise";
  for (const char* name : {"a", "b"}) {
    RecordedParameter& parameter = space.parameters.emplace_back();
    parameter.name = name;
    for (std::int64_t value = 0; value < options.side; ++value)
      parameter.values.emplace_back(value);
  }
  Rng rng(options.seed);
  const auto side = static_cast<std::uint32_t>(options.side);
  for (std::uint32_t i = 0; i < side * side; ++i) {
    RecordedTrial& trial = space.trials.emplace_back();
    trial.config.choices = {i % side, i / side};
    const bool fails = rng.Uniform() < options.invalid;
    trial.outcome = fails ? Outcome::kRuntime : Outcome::kCorrect;
    if (fails) trial.failure = "RuntimeFailedConfig";
    if (!fails) trial.objective = std::exp(2 * rng.Uniform());
    trial.compile_ms = 250;
    trial.benchmark_ms = 1e3 * (fails ? options.invalid_cost_s : options.valid_cost_s) - 250;
  }
  return space;
}

inline ReplayedSpace SyntheticSpace(const SyntheticOptions& options) {
  return ReplayedSpace::Create(SyntheticRecords(options), "synthetic").value();
}

}  // namespace foothold::testing
