#include "cli/log_runs.h"

#include <algorithm>

namespace foothold::cli {
namespace {

bool SameQuestion(const RunHeader& a, const RunHeader& b) {
  return a.target == b.target && a.workload == b.workload && a.parameters == b.parameters;
}

}  // namespace

std::vector<std::vector<const RunLog*>> RunsByQuestion(const LogContents& contents) {
  std::vector<std::vector<const RunLog*>> groups;
  for (const RunLog& run : contents.runs) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& runs) {
      return SameQuestion(runs.front()->header, run.header);
    });
    if (group == groups.end()) group = groups.insert(groups.end(), std::vector<const RunLog*>());
    group->push_back(&run);
  }
  return groups;
}

}  // namespace foothold::cli
