#include <utility>

#include "foothold/record.h"

namespace foothold {

std::vector<EarlierRun> EarlierRunsOf(const LogContents& log) {
  std::vector<EarlierRun> runs;
  for (const RunLog& run : log.runs) {
    if (run.trials.empty() && run.builds.empty()) continue;
    const RunHeader& header = run.header;
    EarlierRun earlier{
        header.target, header.device_numbers, header.workload, header.parameters, {}};
    for (const TrialRecord& record : run.trials) earlier.trials.push_back(record.measurement);
    for (const BuildRecord& record : run.builds) earlier.builds.push_back(record.report);
    runs.push_back(std::move(earlier));
  }
  return runs;
}

}  // namespace foothold
