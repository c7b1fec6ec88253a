#include "records/log/tied.h"

namespace foothold::records {

std::vector<Measurement> TiedIn(
    const FinalRecord& final,
    const std::function<const Measurement&(std::uint64_t trial)>& measurement_of) {
  std::vector<Measurement> tied;
  for (const FinalRecord::Finalist& finalist : final.finalists) {
    if (!finalist.tied) continue;
    tied.push_back(measurement_of(finalist.trial));
    tied.back().seconds = finalist.seconds;
    tied.back().times_per_run.assign(finalist.seconds.size(), 1);
  }
  return tied;
}

}  // namespace foothold::records
