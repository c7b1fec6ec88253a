#include "tune/recorded_trials.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "foothold/version.h"
#include "records/log/demotion.h"

namespace foothold::tune {

RecordedTrials::RecordedTrials(const RunLog& run, std::string path)
    : path_(std::move(path)),
      run_(run.run),
      header_(run.header),
      finals_(run.finals),
      withdrawals_(run) {
  for (const TrialRecord& record : run.trials) finished_.push_back(record.measurement);
  for (const Demotion& demotion : run.demotions) {
    finished_[demotion.record.trial] = demotion.measured;
    demoted_.push_back(demotion.record);
  }
  for (const StartedRecord& record : run.unfinished) unfinished_[record.trial] = record.config;
  for (const BuildRecord& record : run.builds) builds_.push_back(record.report);
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
  return Mismatch("trial", trial, *logged, proposal, space);
}

Status RecordedTrials::CheckBuild(std::uint64_t build, const Config& proposal,
                                  const Space& space) const {
  const BuildReport* logged = Built(build);
  if (logged == nullptr || logged->config == proposal) return {};
  return Mismatch("build", build, logged->config, proposal, space);
}

const DemotedRecord* RecordedTrials::Demoted(std::uint64_t trial) const {
  const auto found =
      std::find_if(demoted_.begin(), demoted_.end(),
                   [&](const DemotedRecord& record) { return record.trial == trial; });
  return found == demoted_.end() ? nullptr : &*found;
}

std::vector<Measurement> RecordedTrials::DemotedAt(std::uint64_t first, std::size_t count) const {
  std::vector<Measurement> demoted;
  for (const DemotedRecord& record : demoted_) {
    if (record.found_at < first || record.found_at - first >= count) continue;
    demoted.push_back(records::Demoted(finished_[record.trial], record.failure));
  }
  return demoted;
}

const BuildReport* RecordedTrials::Built(std::uint64_t build) const {
  return build < builds_.size() ? &builds_[build] : nullptr;
}

const FinalRecord* RecordedTrials::Final(std::uint64_t finished_trials) const {
  const auto of_so_many = [&](const FinalRecord& final) { return final.trials == finished_trials; };
  const auto last = std::find_if(finals_.rbegin(), finals_.rend(), of_so_many);
  return last == finals_.rend() ? nullptr : &*last;
}

/// What is left when the parameters are the same.
std::string RecordedTrials::Causes() const {
  const std::string version = fmt::format(
      "it was recorded by version {}, which may search differently from version {}, or the log was "
      "edited; ",
      header_.foothold_version, FOOTHOLD_VERSION);
  if (header_.dependencies) return version;
  return "the space's constraints may have changed, which this run does not record, " + version;
}

Status RecordedTrials::Mismatch(std::string_view what, std::uint64_t number, const Config& logged,
                                const Config& proposal, const Space& space) const {
  return Status::DataLoss(
      fmt::format("{}: {} {} of run {} is {}, but searcher {} with seed {} proposes {}: {}--fresh "
                  "starts a new run in this log",
                  path_, what, number, run_, space.ToString(logged), header_.searcher, header_.seed,
                  space.ToString(proposal), Causes()));
}

const Measurement* RecordedTrials::Finished(std::uint64_t trial) const {
  return trial < finished_.size() ? &finished_[trial] : nullptr;
}

}  // namespace foothold::tune
