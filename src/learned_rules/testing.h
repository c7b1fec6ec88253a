#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "foothold/record.h"
#include "foothold/rng.h"
#include "foothold/space.h"

namespace foothold::testing {

/// Why a config fails, as stage and reason; nullopt when it is correct.
using Law = std::function<std::optional<std::pair<std::string, std::string>>(
    const std::vector<std::int64_t>&)>;

/// `count` uniform draws from the product of the parameters, judged by the law. A config may come
/// up again.
inline RunLog RunUnderLaw(std::vector<Parameter> parameters, const Law& law, std::size_t count,
                          std::uint64_t seed) {
  const Space space = Space::Create(parameters).value();
  RunLog run;
  run.header.target = "nowhere";
  run.header.workload = ParseInlineWorkload("kernel:planted").value();
  run.header.parameters = std::move(parameters);
  Rng rng(seed);
  for (std::size_t i = 0; i < count; ++i) {
    TrialRecord& trial = run.trials.emplace_back();
    trial.trial = i;
    Measurement& measurement = trial.measurement;
    measurement.config = space.Sample(rng);
    const auto failure = law(space.Values(measurement.config));
    measurement.outcome = failure ? Outcome::kCompile : Outcome::kCorrect;
    if (failure) {
      measurement.stage = failure->first;
      measurement.reason = failure->second;
    } else {
      measurement.seconds = {1};
    }
  }
  return run;
}

}  // namespace foothold::testing
