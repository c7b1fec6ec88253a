#include "tune/recorded_trials.h"

#include <fmt/format.h>

#include <utility>

namespace foothold {

RecordedTrials::RecordedTrials(const RunLog& run, std::string path)
    : path_(std::move(path)), run_(run.run), header_(run.header) {
  for (const TrialRecord& record : run.trials) finished_.push_back(record.measurement);
  for (const StartedRecord& record : run.unfinished) unfinished_[record.trial] = record.config;
}

Status RecordedTrials::Check(std::uint64_t trial, const Config& proposal,
                             const Space& space) const {
  const Config* logged = nullptr;
  if (const Measurement* finished = Finished(trial)) {
    logged = &finished->config;
  } else if (const auto found = unfinished_.find(trial); found != unfinished_.end()) {
    logged = &found->second;
  }
  if (logged == nullptr || *logged == proposal) return {};
  return Status::DataLoss(
      fmt::format("{}: trial {} of run {} is {}, but searcher {} with seed {} proposes {}: the log "
                  "was edited, or "
                  "written by a version (it says {}) that searches differently; use another log",
                  path_, trial, run_, space.ToString(*logged), header_.searcher, header_.seed,
                  space.ToString(proposal), header_.foothold_version));
}

const Measurement* RecordedTrials::Finished(std::uint64_t trial) const {
  return trial < finished_.size() ? &finished_[trial] : nullptr;
}

}  // namespace foothold
