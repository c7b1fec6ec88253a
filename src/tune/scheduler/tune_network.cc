#include "tune/scheduler/tune_network.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "base/check.h"
#include "records/log/log_writer.h"
#include "tune/run_in_log.h"

namespace foothold::tune {
namespace {

/// A task of the network and its run.
struct NetworkTask {
  explicit NetworkTask(ReadyRun to_begin) : ready(std::move(to_begin)) {}

  ReadyRun ready;
  std::unique_ptr<RunInLog> run;
  TaskState state;
  std::optional<StopReason> ended;
  double elapsed_s = 0;
};

class NetworkTuner {
 public:
  explicit NetworkTuner(const NetworkRequest& request) : request_(request) {
    progress_.tasks = request.weights.size();
    progress_.planned = request.trials;
    progress_.max_seconds = request.max_seconds;
  }

  Result<NetworkResult> Run() {
    FOOTHOLD_RETURN_IF_ERROR(Begin());
    FOOTHOLD_ASSIGN_OR_RETURN(const StopReason stop, RunBatches());
    return Finish(stop);
  }

 private:
  Status Begin();
  Status BeginTask(std::size_t task, const std::shared_ptr<records::LogWriter>& log);
  void SetBudgets(TunerOptions& options) const;
  Result<StopReason> RunBatches();
  Status Step(std::size_t task);
  Result<NetworkResult> Finish(StopReason stop);
  void Update();
  void Report();
  double Now() const { return request_.env.MonotonicSeconds(); }

  const NetworkRequest& request_;
  const double start_ = request_.env.MonotonicSeconds();
  std::vector<std::unique_ptr<NetworkTask>> tasks_;
  NetworkProgress progress_;
};

Status NetworkTuner::Begin() {
  FOOTHOLD_ASSIGN_OR_RETURN(std::shared_ptr<records::LogWriter> log,
                            records::LogWriter::Open(request_.env, request_.log));
  std::uint64_t configs = 0;
  for (std::size_t i = 0; i < request_.weights.size(); ++i) {
    FOOTHOLD_RETURN_IF_ERROR(BeginTask(i, log));
    configs += tasks_.back()->ready.request.task.space().valid_count();
  }
  progress_.planned = std::min(request_.trials, configs);
  return {};
}

Status NetworkTuner::BeginTask(std::size_t task, const std::shared_ptr<records::LogWriter>& log) {
  FOOTHOLD_ASSIGN_OR_RETURN(ReadyRun ready, request_.make_ready(task));
  tasks_.push_back(std::make_unique<NetworkTask>(std::move(ready)));
  NetworkTask& begun = *tasks_.back();
  begun.state.weight = request_.weights[task];
  TuneRequest& request = begun.ready.request;
  FOOTHOLD_CHECK(request.log == request_.log, "the network has one log");
  SetBudgets(request.options);
  request.on_progress = [this](const TunerProgress&) { Report(); };
  FOOTHOLD_ASSIGN_OR_RETURN(begun.run,
                            RunInLog::Begin(request, begun.ready.header, *begun.ready.runner, log));
  return {};
}

/// Each task may have the network's whole budget, and its share of the time for finals.
void NetworkTuner::SetBudgets(TunerOptions& options) const {
  options.trials = request_.trials;
  options.max_seconds = request_.max_seconds;
  if (!options.max_seconds) return;
  const auto tasks = static_cast<double>(progress_.tasks);
  double& final_s = options.repeats.final_seconds;
  final_s = std::min(final_s, *options.max_seconds / 5 / tasks);
  *options.max_seconds -= (tasks - 1) * final_s;
}

Result<StopReason> NetworkTuner::RunBatches() {
  std::vector<TaskState> states(tasks_.size());
  for (;;) {
    if (progress_.finished >= request_.trials) return StopReason::kTrials;
    if (request_.interrupt) return StopReason::kInterrupted;
    for (std::size_t i = 0; i < tasks_.size(); ++i) states[i] = tasks_[i]->state;
    const std::optional<std::size_t> next = request_.rule(states);
    if (!next) return StopReason::kConcluded;
    FOOTHOLD_RETURN_IF_ERROR(Step(*next));
    const std::optional<StopReason>& ended = tasks_[*next]->ended;
    if (ended == StopReason::kTime || ended == StopReason::kInterrupted) return *ended;
  }
}

Status NetworkTuner::Step(std::size_t task) {
  NetworkTask& one = *tasks_[task];
  progress_.current = task;
  one.ready.request.options.trials = one.state.trials + request_.trials - progress_.finished;
  const double before = Now();
  LoopSession& session = one.run->session();
  FOOTHOLD_ASSIGN_OR_RETURN(one.ended, session.Step());
  if (!one.ended) {
    // Now, so that the rule knows what the task promises.
    FOOTHOLD_ASSIGN_OR_RETURN(one.ended, session.Prepare());
  }
  const bool exact = one.ready.request.task.traits().times_are_exact;
  NoteBatch(session, one.ended.has_value(), exact, one.state);
  one.elapsed_s += Now() - before;
  Report();
  return {};
}

Result<NetworkResult> NetworkTuner::Finish(StopReason stop) {
  NetworkResult result;
  result.stop = stop;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    NetworkTask& one = *tasks_[i];
    progress_.current = i;
    FOOTHOLD_ASSIGN_OR_RETURN(TuneResult tuned, one.run->Finish(one.ended.value_or(stop)));
    tuned.progress.elapsed_s = one.elapsed_s;
    result.tasks.push_back(std::move(tuned));
  }
  Report();
  result.progress = progress_;
  return result;
}

void NetworkTuner::Update() {
  progress_.finished = progress_.measured = 0;
  progress_.seconds = 0;
  progress_.tuned = progress_.ended = 0;
  for (const auto& one : tasks_) {
    if (one->run == nullptr) continue;
    const TunerProgress& task = one->run->session().so_far().progress;
    progress_.finished += task.finished;
    progress_.measured += task.measured;
    if (one->ended) ++progress_.ended;
    if (!task.incumbent) continue;
    ++progress_.tuned;
    progress_.seconds += one->state.weight * task.incumbent->MedianSeconds();
  }
  progress_.elapsed_s = Now() - start_;
}

void NetworkTuner::Report() {
  Update();
  if (request_.on_progress) request_.on_progress(progress_);
}

}  // namespace

Result<NetworkResult> TuneNetwork(const NetworkRequest& request) {
  return NetworkTuner(request).Run();
}

}  // namespace foothold::tune
