#include "report/rules/log_examples.h"

#include "base/check.h"

namespace foothold::report {

models::Examples ExamplesOf(std::span<const RunLog* const> runs) {
  FOOTHOLD_CHECK(!runs.empty());
  models::ExampleCollector collector(runs.front()->header.parameters);
  for (const RunLog* run : runs) {
    FOOTHOLD_CHECK(run->header.parameters == runs.front()->header.parameters);
    for (const BuildRecord& build : run->builds) collector.Add(build.report);
    for (const TrialRecord& trial : run->trials) collector.Add(trial.measurement);
  }
  return collector.Collected();
}

}  // namespace foothold::report
