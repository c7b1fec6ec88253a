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

Result<TuneResult> Tune(const TargetTask& task, const std::string& target_name,
                        std::string_view searcher, const TunerOptions& options,
                        const std::string& log_path, Env& env,
                        const std::function<void(const TunerProgress&)>& on_progress,
                        const std::atomic<bool>& interrupt,
                        const std::function<void(const RunStart&)>& on_start) {
  FOOTHOLD_RETURN_IF_ERROR(Validate(options));
  FOOTHOLD_ASSIGN_OR_RETURN(SearchProblem problem,
                            MakeSearchProblem(task, options.seed, options.knowledge));
  problem.target = target_name;
  problem.earlier_runs = options.earlier_runs;
  FOOTHOLD_ASSIGN_OR_RETURN(auto proposer, MakeSearcher(searcher, problem));
  return Tune(task, target_name, NamedSearcher{std::string(searcher), std::move(proposer)}, options,
              log_path, env, on_progress, interrupt, on_start);
}

Result<TuneResult> Tune(const TargetTask& task, const std::string& target_name,
                        NamedSearcher searcher, const TunerOptions& options,
                        const std::string& log_path, Env& env,
                        const std::function<void(const TunerProgress&)>& on_progress,
                        const std::atomic<bool>& interrupt,
                        const std::function<void(const RunStart&)>& on_start) {
  FOOTHOLD_CHECK(searcher.searcher != nullptr, "there is no searcher");
  FOOTHOLD_RETURN_IF_ERROR(Validate(options));
  const RunOptions run{options.timeout_s, options.verify};
  auto runner = task.CandidatesCanHarmHost() ? MakeDeviceRunner(task, run, options.device,
                                                                options.repeats, options.jobs, env)
                                             : MakeInProcessRunner(task, run, options.jobs, env);
  FOOTHOLD_ASSIGN_OR_RETURN(RunHeader header,
                            DescribeRun(task, target_name, searcher.name, options, env));
  header.dependencies->merge(searcher.dependencies);
  return TuneWith(task, header, std::move(searcher.searcher), std::move(runner), options, log_path,
                  env, on_progress, interrupt, on_start);
}

Result<TuneResult> TuneWith(const TargetTask& task, const RunHeader& header,
                            std::unique_ptr<Searcher> searcher, std::unique_ptr<Runner> runner,
                            const TunerOptions& options, const std::string& log_path, Env& env,
                            const std::function<void(const TunerProgress&)>& on_progress,
                            const std::atomic<bool>& interrupt,
                            const std::function<void(const RunStart&)>& on_start) {
  EnvClock clock(env);
  FOOTHOLD_ASSIGN_OR_RETURN(
      const auto journal,
      RecordJournal::Open(env, log_path, header, options.resume,
                          std::min(options.trials, task.space().valid_count())));
  on_start(journal->start());
  const LoopParts parts{
      task.space(),        *searcher, *runner, *journal, clock, task.CandidatesCanHarmHost(),
      task.TimesAreExact()};
  FOOTHOLD_ASSIGN_OR_RETURN(TuneResult result, RunLoop(parts, options, on_progress, interrupt));
  result.run = journal->start().run;
  result.start = journal->start();
  result.repaired = journal->repaired();
  result.changed_meanwhile = ChangedMeanwhile(task, header, options, env);
  return result;
}

}  // namespace foothold
