#include "records/log/demotion.h"

#include <utility>
#include <vector>

#include "base/check.h"

namespace foothold::records {
namespace {

void RemoveFinalist(std::uint64_t trial, std::vector<FinalRecord>& finals) {
  for (FinalRecord& final : finals) {
    std::erase_if(final.finalists, [&](const auto& finalist) { return finalist.trial == trial; });
  }
  std::erase_if(finals, [](const FinalRecord& final) {
    return final.finalists.empty() || !final.finalists.front().tied;
  });
}

}  // namespace

Measurement Demoted(Measurement measured, const Failure& failure) {
  measured.seconds.clear();
  measured.times_per_run.clear();
  measured.failure = failure;
  return measured;
}

void Demote(DemotedRecord record, RunLog& run) {
  FOOTHOLD_CHECK(record.trial < run.trials.size());
  Measurement& measurement = run.trials[record.trial].measurement;
  FOOTHOLD_CHECK(measurement.outcome() == Outcome::kCorrect);
  Measurement demoted = Demoted(measurement, record.failure);
  RemoveFinalist(record.trial, run.finals);
  run.demotions.push_back({std::move(record), std::exchange(measurement, std::move(demoted))});
}

}  // namespace foothold::records
