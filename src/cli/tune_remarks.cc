#include "cli/tune_remarks.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "cli/common/output.h"
#include "foothold/record.h"
#include "report/page/failure_counts.h"

namespace foothold::cli {

void PrintFirstFailures(const Workload& workload, const TuneResult& result) {
  if (result.first_failures.empty()) return;
  PrintErr("foothold: {}: nothing was correct; the first failures that differ:\n", workload.name);
  for (const Failure& failure : result.first_failures) {
    PrintErr("  {} at {}\n", ToString(failure.outcome), ToString(failure));
  }
}

void PrintDemoted(const Workload& workload, const TuneResult& result) {
  for (const DemotedRecord& demoted : result.demoted) {
    PrintErr("foothold: {}: trial {} counts as failed: {}\n", workload.name, demoted.trial,
             ToString(demoted.failure));
  }
}

Status PrintFailures(const Workload& workload, const TuneResult& result, const std::string& log,
                     Env& env) {
  constexpr std::size_t kMostShown = 3;
  if (!result.first_failures.empty()) return {};  // PrintFirstFailures has said why
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents, ReadLog(env, log));
  std::vector<const RunLog*> own;
  for (const RunLog& run : contents.runs) {
    if (run.run == result.run) own.push_back(&run);
  }
  std::vector<report::FailureCount> counts = report::CountFailures(own);
  std::erase_if(counts, [](const report::FailureCount& count) { return count.trials == 0; });
  if (counts.empty()) return {};
  PrintErr("foothold: {}: {} failed most often:\n", workload.name,
           counts.size() == 1 ? "this" : "these");
  for (std::size_t i = 0; i < std::min(kMostShown, counts.size()); ++i) {
    PrintErr("  {} x {} at {}: {}\n", counts[i].trials, ToString(counts[i].outcome),
             counts[i].stage, counts[i].example);
  }
  return {};
}

void PrintConclusion(const Workload& workload, const TuneResult& result) {
  if (result.stop != StopReason::kConcluded) return;
  PrintErr("foothold: {}: done early: {} (--no-stop-early continues)\n", workload.name,
           result.conclusion);
}

void WarnOfNoise(const Workload& workload, const TuneResult& result) {
  if (!result.steadiness || !result.steadiness->is_noisy()) return;
  PrintErr(
      "foothold: warning: {}: the machine is noisy: half of {} runs of the best candidates "
      "lie within {:.1f} % of each other, the slowest took {:.2f} times as long; candidates "
      "closer than that need many repeats to be told apart; end other programs, use fewer "
      "--jobs, see foothold doctor\n",
      workload.name, result.steadiness->runs, result.steadiness->spread * 100,
      result.steadiness->slowest);
}

void Announce(const Workload& workload, const RunStart& start) {
  const std::string text = ToString(start);
  if (!text.empty()) PrintErr("foothold: {}: {}\n", workload.name, text);
}

void WarnOfChanges(const Workload& workload, const TuneResult& result) {
  if (result.changed_meanwhile.empty()) return;
  PrintErr(
      "foothold: warning: {}: {} changed while this ran: its trials are of several "
      "versions; tune again with --fresh\n",
      workload.name, base::Joined(result.changed_meanwhile, ", "));
}

}  // namespace foothold::cli
