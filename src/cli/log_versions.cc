#include "cli/log_versions.h"

#include <fmt/format.h>

#include "records/log/changes.h"
#include "tune/run_dependencies.h"

namespace foothold::cli {
namespace {

std::uint64_t TrialsOf(const std::vector<const RunLog*>& runs) {
  std::uint64_t trials = 0;
  for (const RunLog* run : runs) trials += run->trials.size();
  return trials;
}

std::string LeftOut(const std::vector<const RunLog*>& older, const RunHeader& newest) {
  const RunHeader& header = older.front()->header;
  const std::vector<Change> changes = records::ChangesBetween(header, newest);
  const std::string why = changes.empty() ? "nobody knows what it depended on"
                                          : records::ListOf(changes) + " changed since";
  return fmt::format("{} on {}: {} trials of run {} are left out: {}", header.workload.name,
                     header.target, TrialsOf(older), RunNumbers(older), why);
}

/// What the task depends on now against what the run depended on. Only what the task itself knows
/// is compared: a log may be read on another host than it was written on.
std::vector<Change> ChangesSince(const RunHeader& header, const TargetTask& task, Env& env) {
  const Result<Dependencies> known = tune::DependenciesOf(task, {}, {}, env);
  if (!known.ok() || !header.dependencies) return {};
  RunHeader now = header;
  now.parameters = task.space().parameters();
  for (const auto& [name, value] : *known) (*now.dependencies)[name] = value;
  return records::ChangesBetween(header, now);
}

}  // namespace

std::string RunNumbers(const std::vector<const RunLog*>& runs) {
  std::string text;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const char* separator = i == 0 ? "" : i + 1 == runs.size() ? " and " : ", ";
    text += fmt::format("{}{}", separator, runs[i]->run);
  }
  return text;
}

std::vector<std::string> VersionNotes(const records::Versions& versions, const TargetTask* task,
                                      Env& env) {
  const RunHeader& newest = versions.newest.front()->header;
  std::vector<std::string> notes;
  for (const auto& older : versions.older) notes.push_back(LeftOut(older, newest));
  if (task == nullptr) return notes;
  const std::vector<Change> since = ChangesSince(newest, *task, env);
  if (since.empty()) return notes;
  notes.push_back(fmt::format("{} on {}: {} changed since run {}, which this is from",
                              newest.workload.name, newest.target, records::ListOf(since),
                              RunNumbers(versions.newest)));
  return notes;
}

}  // namespace foothold::cli
