// The entry points: a searcher, a runner and a journal for a task, and then the loop (loop.cc).
#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"
#include "foothold/searchers.h"
#include "foothold/tuner.h"
#include "measure/device_runner.h"
#include "measure/in_process_runner.h"
#include "records/log/log_writer.h"
#include "tune/record_journal.h"
#include "tune/run_identity.h"
#include "tune/run_in_log.h"
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
  FOOTHOLD_ASSIGN_OR_RETURN(const tune::ReadyRun ready, tune::MakeReady(std::move(request)));
  return tune::TuneWith(ready.request, ready.header, *ready.runner);
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

Result<ReadyRun> MakeReady(TuneRequest request) {
  FOOTHOLD_ASSIGN_OR_RETURN(RunHeader header, Prepare(request));
  const TargetTask& task = request.task;
  const TunerOptions& options = request.options;
  const RunOptions run{options.timeout_s, options.verify};
  auto runner = task.traits().candidates_can_harm_host
                    ? measure::MakeDeviceRunner(task, run, options.device, options.repeats,
                                                options.jobs, request.env)
                    : measure::MakeInProcessRunner(task, run, options.jobs, request.env);
  return ReadyRun{std::move(request), std::move(header), std::move(runner)};
}

Result<TuneResult> TuneWith(const TuneRequest& request, const RunHeader& header,
                            measure::Runner& runner) {
  FOOTHOLD_ASSIGN_OR_RETURN(auto log, records::LogWriter::Open(request.env, request.log));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto run,
                            RunInLog::Begin(request, header, runner, std::move(log)));
  FOOTHOLD_ASSIGN_OR_RETURN(const StopReason stop, StepToTheEnd(run->session()));
  return run->Finish(stop);
}

RunInLog::RunInLog(const TuneRequest& request, const RunHeader& header, measure::Runner& runner,
                   std::unique_ptr<RecordJournal> journal)
    : request_(request),
      header_(header),
      clock_(request.env),
      journal_(std::move(journal)),
      parts_{request.task.space(),
             *request.searcher.searcher,
             runner,
             *journal_,
             clock_,
             request.task.traits().candidates_can_harm_host,
             request.task.traits().times_are_exact},
      session_(parts_, request.options, request.on_progress, request.interrupt) {}

Result<std::unique_ptr<RunInLog>> RunInLog::Begin(const TuneRequest& request,
                                                  const RunHeader& header, measure::Runner& runner,
                                                  std::shared_ptr<records::LogWriter> log) {
  FOOTHOLD_CHECK(request.searcher.searcher != nullptr, "there is no searcher");
  FOOTHOLD_ASSIGN_OR_RETURN(
      auto journal,
      RecordJournal::Begin(std::move(log), request.log, header, request.options.resume,
                           std::min(request.options.trials, request.task.space().valid_count())));
  if (request.on_start) request.on_start(journal->start());
  return std::unique_ptr<RunInLog>(new RunInLog(request, header, runner, std::move(journal)));
}

Result<TuneResult> RunInLog::Finish(StopReason stop) {
  FOOTHOLD_ASSIGN_OR_RETURN(TuneResult result, session_.Finish(stop));
  result.run = journal_->start().run;
  result.start = journal_->start();
  result.repaired = journal_->repaired();
  result.changed_meanwhile =
      ChangedMeanwhile(request_.task, header_, request_.options, request_.env);
  return result;
}

}  // namespace foothold::tune
