#include "studies/faults/faulty_run.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/statistics.h"
#include "foothold/targets.h"
#include "foothold/tuner.h"
#include "process/cgroup.h"
#include "process/process_tree.h"

namespace foothold::studies {
namespace {

/// A run that takes longer hangs.
constexpr double kMostSeconds = 300;
/// Keepers whose tuner died take a moment to clear up.
constexpr double kClearingSeconds = 15;

/// Where a run keeps what.
struct Place {
  explicit Place(const std::string& directory)
      : target(directory + "/target.json"),
        log(directory + "/log.jsonl"),
        error(directory + "/error"),
        temporary(directory + "/foothold-tmp") {}
  std::string target;
  std::string log;
  std::string error;
  std::string temporary;
};

/// In the tuner's own process.
Status Tune(Env& env, const Place& place, std::uint64_t seed) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(env, "command:" + place.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const Workload workload, ParseInlineWorkload("dense:1x8,4"));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto task, target->Prepare(workload));
  TunerOptions tuning;
  tuning.trials = task->space().raw_size();
  tuning.jobs = 1;
  tuning.seed = seed;
  return foothold::Tune({.task = *task,
                         .target = target->name(),
                         .searcher = {"random"},
                         .options = tuning,
                         .log = place.log,
                         .env = env})
      .status();
}

/// Starts a tuner that owns its process, as the command does.
pid_t StartTuner(const Place& place, std::uint64_t seed) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::setenv("TMPDIR", place.temporary.c_str(), 1);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
  int code = 0;
  {
    const auto env = Env::Create({.owns_process = true, .on_note = nullptr});
    const Status status = Tune(*env, place, seed);
    if (!status.ok()) (void)env->WriteFileAtomically(place.error, status.message());
    code = status.ok() ? 0 : 1;
  }
  std::exit(code);  // so that its cgroup is removed as the command's is
}

/// The wait status of a child; no value when it did not end in time, and was killed.
std::optional<int> Await(Env& env, pid_t child) {
  const double start = env.MonotonicSeconds();
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (env.MonotonicSeconds() - start > kMostSeconds) {
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
      return std::nullopt;
    }
    env.Sleep(0.002);
  }
  return status;
}

std::string ReadError(Env& env, const Place& place) {
  const Result<std::string> error = env.ReadFile(place.error);
  return error.ok() ? *error : "the tuner ended with an exit code other than 0";
}

/// What was left behind, all of which is ours now; ended here.
void EndProcesses(Env& env, std::vector<std::string>& left) {
  const double start = env.MonotonicSeconds();
  while (true) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    const std::vector<pid_t> children = process::ChildrenOf(::getpid());
    if (children.empty()) return;
    if (env.MonotonicSeconds() - start > kClearingSeconds) {
      for (const pid_t child : children) {
        left.push_back(fmt::format("process {} (state {})", child, process::StateOf(child)));
        ::kill(child, SIGCONT);
        ::kill(child, SIGKILL);
      }
      process::KillBelow(::getpid(), kClearingSeconds);
    }
    env.Sleep(0.005);
  }
}

void AddFolders(const std::string& temporary, std::vector<std::string>& left) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(temporary, error)) {
    left.push_back("folder " + entry.path().filename().string());
  }
}

/// Groups of these tuners.
void AddCgroups(const std::vector<pid_t>& tuners, std::vector<std::string>& left) {
  const std::string own = process::OwnCgroupDirectory();
  if (own.empty()) return;
  for (const std::string& name : process::CgroupFiles::Default().Subdirectories(own)) {
    for (const pid_t tuner : tuners) {
      if (name.starts_with(fmt::format("foothold.{}.", tuner))) left.push_back("cgroup " + name);
    }
  }
}

/// What the log says; false when it is not to be read, or not whole.
Status ReadTrials(Env& env, const Place& place, FaultyRun& run) {
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents log, ReadLog(env, place.log));
  if (log.runs.size() != 1) {
    return Status::InvalidArgument(fmt::format("the log holds {} runs", log.runs.size()));
  }
  run.trials = log.runs[0].trials;
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(env, "command:" + place.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto task, target->Prepare(*ParseInlineWorkload("dense:1x8,4")));
  std::optional<double> least;
  for (const TrialRecord& trial : run.trials) {
    if (trial.measurement.outcome() != Outcome::kCorrect) continue;
    const double seconds = base::Median(trial.measurement.seconds).value();
    if (least && seconds >= *least) continue;
    least = seconds;
    run.best = task->space().ToString(trial.measurement.config);
  }
  if (log.repaired) return Status::InvalidArgument("the log was torn");
  if (!log.runs[0].unfinished.empty()) return Status::InvalidArgument("a trial is unfinished");
  if (run.trials.size() != task->space().raw_size()) {
    return Status::InvalidArgument(
        fmt::format("the log holds {} of {} trials", run.trials.size(), task->space().raw_size()));
  }
  return {};
}

}  // namespace

Result<FaultyRun> TuneFaulty(Env& env, const FaultTarget& target, const std::string& directory,
                             std::uint64_t seed, int most_deaths) {
  const Place place(directory);
  FOOTHOLD_RETURN_IF_ERROR(env.CreateDirectories(place.temporary));
  FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(place.target, ToJson(target)));
  FaultyRun run;
  std::vector<pid_t> tuners;
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const double start = env.MonotonicSeconds();
  while (!run.ended && run.deaths <= most_deaths) {
    tuners.push_back(StartTuner(place, seed));
    if (tuners.back() < 0) return Status::Unavailable("cannot start a process");
    const std::optional<int> status = Await(env, tuners.back());
    run.ended = status == 0;
    if (run.ended) break;
    ++run.deaths;
    run.error = !status                ? "the tuner hangs"
                : WIFSIGNALED(*status) ? fmt::format("signal {} ended the tuner", WTERMSIG(*status))
                                       : ReadError(env, place);
    EndProcesses(env, run.left);  // the log is locked until the last keeper is gone
  }
  run.wall_seconds = env.MonotonicSeconds() - start;
  EndProcesses(env, run.left);
  AddFolders(place.temporary, run.left);
  AddCgroups(tuners, run.left);
  if (run.ended) run.error = ReadTrials(env, place, run).message();
  return run;
}

}  // namespace foothold::studies
