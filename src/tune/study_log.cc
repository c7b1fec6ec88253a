#include "tune/study_log.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "tune/run_identity.h"

namespace foothold::tune {

Result<StudyLog> StudyLog::Open(const RunHeader& header, const StudyOptions& options,
                                const std::string& path, Env& env) {
  StudyLog log;
  log.env_ = &env;
  FOOTHOLD_ASSIGN_OR_RETURN(log.writer_, records::LogWriter::Open(env, path));
  const LogContents& contents = log.writer_->contents();
  FOOTHOLD_ASSIGN_OR_RETURN(FoundRun found, FindRun(contents, path, header, options.resume));
  log.start_.log = path;
  log.start_.resume = options.resume;
  log.start_.changes = std::move(found.changes);
  if (found.changed_since) log.start_.changed_since = contents.runs[*found.changed_since].run;
  if (found.index) {
    FOOTHOLD_RETURN_IF_ERROR(log.Resume(*found.index));
  } else {
    FOOTHOLD_RETURN_IF_ERROR(log.writer_->BeginRun(header));
    log.start_.run = contents.runs.size() + 1;
  }
  return log;
}

/// What was started and has no end is withdrawn, so that its number is free.
Status StudyLog::Resume(std::size_t index) {
  const RunLog& run = writer_->contents().runs[index];
  writer_->ContinueRun(index);
  start_.run = run.run;
  start_.resumed = true;
  start_.trials = run.trials.size();
  start_.dependencies_unknown = !run.header.dependencies;
  finished_ = run.trials.size();
  for (const TrialRecord& record : run.trials) trials_.push_back(record.measurement);
  std::vector<WithdrawnRecord> withdrawn;
  for (const StartedRecord& record : run.unfinished) {
    unfinished_.push_back(record.config);
    withdrawn.push_back({record.trial});
  }
  if (withdrawn.empty()) return {};
  return writer_->Append({}, withdrawn);
}

std::size_t StudyLog::PlaceOf(const Config& config) const {
  const auto found = std::find_if(under_way_.begin(), under_way_.end(),
                                  [&](const UnderWay& trial) { return trial.config == config; });
  FOOTHOLD_CHECK(found != under_way_.end(), "the config is not under way");
  return static_cast<std::size_t>(found - under_way_.begin());
}

/// Frees the numbers of these places.
Status StudyLog::Unlog(const std::vector<std::size_t>& places) {
  std::vector<WithdrawnRecord> records;
  for (const std::size_t place : places) {
    if (under_way_[place].is_logged) records.push_back({finished_ + place});
  }
  if (records.empty()) return {};
  FOOTHOLD_RETURN_IF_ERROR(Append({}, records));
  for (const std::size_t place : places) under_way_[place].is_logged = false;
  return {};
}

Status StudyLog::Log(const std::vector<std::size_t>& places) {
  std::vector<StartedRecord> records;
  for (const std::size_t place : places) {
    records.push_back({finished_ + place, under_way_[place].config});
  }
  FOOTHOLD_RETURN_IF_ERROR(writer_->Started(records));
  for (const std::size_t place : places) under_way_[place].is_logged = true;
  last_logged_ = places;
  return {};
}

/// A writer whose Append fails also cuts off what it logged as started just before.
Status StudyLog::Append(const std::vector<TrialRecord>& records,
                        const std::vector<WithdrawnRecord>& withdrawn) {
  Status appended = writer_->Append(records, withdrawn);
  if (!appended.ok()) {
    for (const std::size_t place : last_logged_) under_way_[place].is_logged = false;
  }
  last_logged_.clear();
  return appended;
}

Status StudyLog::Begin(const Config& config) {
  if (writer_ == nullptr) return {};
  under_way_.push_back({config});
  Status begun = Log({under_way_.size() - 1});
  if (!begun.ok()) under_way_.pop_back();
  return begun;
}

Status StudyLog::End(const Measurement& measurement) {
  if (writer_ == nullptr) return {};
  const std::size_t place = PlaceOf(measurement.config);
  if (place != 0) {
    FOOTHOLD_RETURN_IF_ERROR(Unlog({0, place}));
    std::swap(under_way_[0], under_way_[place]);
    FOOTHOLD_RETURN_IF_ERROR(Log({0, place}));
  }
  FOOTHOLD_RETURN_IF_ERROR(Append({{finished_, measurement, env_->WallClockSeconds()}}, {}));
  ++finished_;
  under_way_.erase(under_way_.begin());
  return {};
}

/// The last one takes its number.
Status StudyLog::Withdraw(const Config& config) {
  if (writer_ == nullptr) return {};
  const std::size_t place = PlaceOf(config);
  const std::size_t last = under_way_.size() - 1;
  FOOTHOLD_RETURN_IF_ERROR(place == last ? Unlog({place}) : Unlog({place, last}));
  std::swap(under_way_[place], under_way_[last]);
  under_way_.pop_back();
  return place == last ? Status() : Log({place});
}

}  // namespace foothold::tune
