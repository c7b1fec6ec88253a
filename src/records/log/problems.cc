#include "records/log/problems.h"

#include <algorithm>
#include <utility>

namespace foothold::records {
namespace {

bool SameQuestion(const RunHeader& a, const RunHeader& b) {
  return a.target == b.target && a.workload == b.workload && a.parameters == b.parameters &&
         a.dependencies == b.dependencies;
}

/// Seconds since 1970 at which something was last added to one of the runs.
double LastWorkedOn(const std::vector<const RunLog*>& runs) {
  double last = 0;
  for (const RunLog* run : runs) {
    last = std::max(last, run->header.wall_clock);
    if (!run->trials.empty()) last = std::max(last, run->trials.back().wall_clock);
    if (!run->builds.empty()) last = std::max(last, run->builds.back().wall_clock);
    if (!run->finals.empty()) last = std::max(last, run->finals.back().wall_clock);
  }
  return last;
}

bool IsAboutTheSame(const Versions& versions, const RunHeader& header) {
  const RunHeader& known = versions.newest.front()->header;
  return known.target == header.target && known.workload == header.workload;
}

void Add(const RunLog& run, std::vector<std::vector<const RunLog*>>& questions) {
  auto question = std::find_if(questions.begin(), questions.end(), [&](const auto& runs) {
    return SameQuestion(runs.front()->header, run.header);
  });
  if (question == questions.end()) {
    question = questions.insert(questions.end(), std::vector<const RunLog*>());
  }
  question->push_back(&run);
}

}  // namespace

std::vector<std::vector<const RunLog*>> RunsByQuestion(
    const std::vector<const LogContents*>& logs) {
  std::vector<std::vector<const RunLog*>> questions;
  for (const LogContents* contents : logs) {
    for (const RunLog& run : contents->runs) Add(run, questions);
  }
  return questions;
}

std::vector<Versions> NewestVersions(const LogContents& log) {
  std::vector<Versions> all;
  for (auto& runs : RunsByQuestion({&log})) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Versions& versions) {
      return IsAboutTheSame(versions, runs.front()->header);
    });
    if (found == all.end()) {
      all.push_back({std::move(runs), {}});
      continue;
    }
    // Of equals the one that began later.
    if (LastWorkedOn(runs) >= LastWorkedOn(found->newest)) std::swap(runs, found->newest);
    found->older.push_back(std::move(runs));
  }
  return all;
}

}  // namespace foothold::records
