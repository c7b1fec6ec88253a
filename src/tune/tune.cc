// The entry points: a searcher, a runner and a journal for a task, and then the loop (loop.cc).
#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"
#include "foothold/searchers.h"
#include "foothold/tuner.h"
#include "measure/device_runner.h"
#include "measure/in_process_runner.h"
#include "tune/loop.h"
#include "tune/record_journal.h"
#include "tune/run_identity.h"
#include "tune/tune_with.h"
#include "tune/tuner_options.h"

namespace foothold {

std::string_view ToString(StopReason reason) {
  switch (reason) {
    case StopReason::kTrials:
      return "trials";
    case StopReason::kTime:
      return "time";
    case StopReason::kSpaceExhausted:
      return "space exhausted";
    case StopReason::kConcluded:
      return "concluded";
    case StopReason::kInterrupted:
      return "interrupted";
  }
  FOOTHOLD_CHECK(false, "unknown stop reason");
  return {};
}

Result<TuneResult> Tune(TuneRequest request) {
  FOOTHOLD_ASSIGN_OR_RETURN(const RunHeader header, tune::Prepare(request));
  const TargetTask& task = request.task;
  const TunerOptions& options = request.options;
  const RunOptions run{options.timeout_s, options.verify};
  const auto runner = task.traits().candidates_can_harm_host
                          ? measure::MakeDeviceRunner(task, run, options.device, options.repeats,
                                                      options.jobs, request.env)
                          : measure::MakeInProcessRunner(task, run, options.jobs, request.env);
  return tune::TuneWith(request, header, *runner);
}

}  // namespace foothold

namespace foothold::tune {

Result<RunHeader> Prepare(TuneRequest& request) {
  const TunerOptions& options = request.options;
  NamedSearcher& searcher = request.searcher;
  FOOTHOLD_RETURN_IF_ERROR(Validate(options));
  if (searcher.searcher == nullptr) {
    FOOTHOLD_ASSIGN_OR_RETURN(SearchProblem problem,
                              MakeSearchProblem(request.task, options.seed, options.knowledge));
    problem.target = request.target;
    problem.earlier_runs = options.earlier_runs;
    FOOTHOLD_ASSIGN_OR_RETURN(searcher.searcher, MakeSearcher(searcher.name, problem));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(RunHeader header, DescribeRun(request.task, request.target,
                                                          searcher.name, options, request.env));
  header.dependencies->merge(searcher.dependencies);
  return header;
}

Result<TuneResult> TuneWith(const TuneRequest& request, const RunHeader& header,
                            measure::Runner& runner) {
  FOOTHOLD_CHECK(request.searcher.searcher != nullptr, "there is no searcher");
  const TargetTask& task = request.task;
  measure::EnvClock clock(request.env);
  FOOTHOLD_ASSIGN_OR_RETURN(
      const auto journal,
      RecordJournal::Open(request.env, request.log, header, request.options.resume,
                          std::min(request.options.trials, task.space().valid_count())));
  if (request.on_start) request.on_start(journal->start());
  const LoopParts parts{task.space(),
                        *request.searcher.searcher,
                        runner,
                        *journal,
                        clock,
                        task.traits().candidates_can_harm_host,
                        task.traits().times_are_exact};
  FOOTHOLD_ASSIGN_OR_RETURN(
      TuneResult result, RunLoop(parts, request.options, request.on_progress, request.interrupt));
  result.run = journal->start().run;
  result.start = journal->start();
  result.repaired = journal->repaired();
  result.changed_meanwhile = ChangedMeanwhile(task, header, request.options, request.env);
  return result;
}

}  // namespace foothold::tune
