#pragma once

#include <utility>

#include "foothold/record.h"
#include "models/rules/testing.h"

namespace foothold::testing {

/// The run whose trials TrialsUnderLaw gives.
inline RunLog RunUnderLaw(std::vector<Parameter> parameters, const Law& law, std::size_t count,
                          std::uint64_t seed) {
  RunLog run;
  run.header.target = "nowhere";
  run.header.workload = ParseInlineWorkload("kernel:planted").value();
  for (Measurement& measurement : TrialsUnderLaw(parameters, law, count, seed)) {
    TrialRecord& trial = run.trials.emplace_back();
    trial.trial = run.trials.size() - 1;
    trial.measurement = std::move(measurement);
  }
  run.header.parameters = std::move(parameters);
  return run;
}

}  // namespace foothold::testing
