#include "process/process_posix.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <ctime>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "process/bounded_text.h"
#include "process/cgroup.h"
#include "process/descriptor.h"
#include "process/process_keeper.h"
#include "process/process_tree.h"

namespace foothold {
namespace {

using internal::KeeperOrders;
using internal::KeeperReport;

constexpr double kLookSeconds = 0.02;
/// After SIGKILL only a process stuck inside the kernel is still there; it may stay for ever.
constexpr double kGiveUpSeconds = 30;

double Now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Result<Pipe> MakePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return ErrnoStatus("pipe", "create", errno);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

bool IsProgram(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

/// exec with a search may allocate, so the search comes before the fork.
Result<std::string> FindProgram(const ProcessCommand& command) {
  const std::string& name = command.argv.front();
  if (name.find('/') != std::string::npos) return name;
  const auto given = command.environment.find("PATH");
  const char* inherited = std::getenv("PATH");
  std::string path = inherited != nullptr ? inherited : "/usr/bin:/bin";
  if (given != command.environment.end()) path = given->second;
  std::string_view rest = path;
  while (!name.empty() && !rest.empty()) {
    const std::string_view directory = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), directory.size() + 1));
    std::string candidate = fmt::format("{}/{}", directory.empty() ? "." : directory, name);
    if (IsProgram(candidate)) return candidate;
  }
  return Status::NotFound(fmt::format("there is no program \"{}\" in PATH", name));
}

/// KeeperOrders, and what they point to.
class Orders {
 public:
  /// `group` is null or outlives this.
  Orders(const ProcessCommand& command, std::string program, const Cgroup* group)
      : program_(std::move(program)) {
    for (const std::string& argument : command.argv) argv_.push_back(argument.c_str());
    argv_.push_back(nullptr);
    MergeEnvironment(command.environment);
    orders_.program = program_.c_str();
    // execve is declared with pointers to char for history's sake; it does not write.
    orders_.argv = const_cast<char* const*>(argv_.data());
    orders_.environ = const_cast<char* const*>(environ_.data());
    if (!command.directory.empty()) orders_.directory = command.directory.c_str();
    SetLimits(command.limits, group != nullptr && group->limits_memory());
    if (group == nullptr) return;
    orders_.cgroup = group->descriptor();
    orders_.cgroup_path = group->path().c_str();
  }
  Orders(const Orders&) = delete;
  Orders& operator=(const Orders&) = delete;

  KeeperOrders& get() { return orders_; }

 private:
  void MergeEnvironment(const std::map<std::string, std::string>& added) {
    for (const auto& [name, value] : added) variables_.push_back(fmt::format("{}={}", name, value));
    for (const std::string& variable : variables_) environ_.push_back(variable.c_str());
    for (char** entry = ::environ; *entry != nullptr; ++entry) {
      const std::string_view variable = *entry;
      if (!added.contains(std::string(variable.substr(0, variable.find('='))))) {
        environ_.push_back(*entry);
      }
    }
    environ_.push_back(nullptr);
  }

  void SetLimits(const ProcessLimits& limits, bool group_limits_memory) {
    Limit(RLIMIT_CORE, 0, 0);
    if (limits.cpu_s) {
      const auto seconds = static_cast<rlim_t>(std::ceil(*limits.cpu_s)) + 1;
      Limit(RLIMIT_CPU, seconds, seconds + 1);
    }
    if (limits.memory_bytes && !group_limits_memory) {
      Limit(RLIMIT_DATA, *limits.memory_bytes * 2, *limits.memory_bytes * 2);
    }
    if (limits.file_bytes) Limit(RLIMIT_FSIZE, *limits.file_bytes, *limits.file_bytes);
  }

  void Limit(int resource, rlim_t soft, rlim_t hard) {
    orders_.limits.at(static_cast<std::size_t>(orders_.limit_count++)) = {resource, soft, hard};
  }

  std::string program_;
  std::vector<std::string> variables_;
  std::vector<const char*> argv_;
  std::vector<const char*> environ_;
  KeeperOrders orders_;
};

/// A program under a keeper. The destructor leaves nothing behind, in its cgroup neither.
class RunningProcess {
 public:
  RunningProcess(const ProcessCommand& command, const Cancelled& cancelled)
      : command_(command),
        limits_(command.limits),
        cancelled_(cancelled),
        group_(CgroupSubtree::OfThisProcess().MakeGroup(command.limits)),
        out_{{}, BoundedText(command.kept_output_bytes)},
        err_{{}, BoundedText(command.kept_output_bytes)} {}
  RunningProcess(const RunningProcess&) = delete;
  RunningProcess& operator=(const RunningProcess&) = delete;
  ~RunningProcess() {
    control_.Close();  // the keeper takes it for our death, and kills everything
    if (keeper_ > 0 && !stuck_) RetryInterrupted([&] { return ::waitpid(keeper_, nullptr, 0); });
  }

  Status Start();
  Result<ProcessResult> Finish();

 private:
  struct Stream {
    Descriptor fd;
    BoundedText text;
  };

  void Wait();
  void Drain(Stream& stream);
  void ReadReport();
  Status CannotStart(const KeeperReport& report) const;
  void Look();
  std::optional<ProcessEnd> BrokenLimit();
  void Stop(ProcessEnd reason);
  void Send(internal::KeeperCommand command) const;
  std::uint64_t OutputBytes() const { return out_.text.bytes() + err_.text.bytes(); }
  bool TooMuchOutput() const {
    return limits_.output_bytes && OutputBytes() > *limits_.output_bytes;
  }
  ProcessResult Describe() const;

  const ProcessCommand& command_;
  const ProcessLimits& limits_;
  const Cancelled& cancelled_;
  std::unique_ptr<Cgroup> group_;  // of the program; null where there are none
  Descriptor control_;
  Descriptor report_;
  Stream out_;
  Stream err_;
  pid_t keeper_ = -1;

  double start_ = 0;
  double end_ = 0;
  double next_look_ = 0;
  pid_t program_ = -1;  // known once it runs
  std::uint64_t peak_memory_ = 0;
  std::optional<ProcessEnd> stopped_;  // why we ended it
  double kill_at_ = 0;                 // meaningful when stopped_
  bool killed_ = false;
  bool finished_ = false;  // there will be no more reports
  bool stuck_ = false;     // it did not go away
  Status failure_;
  std::optional<KeeperReport> last_;
};

Status RunningProcess::Start() {
  FOOTHOLD_ASSIGN_OR_RETURN(std::string program, FindProgram(command_));
  FOOTHOLD_ASSIGN_OR_RETURN(Pipe control, MakePipe());
  FOOTHOLD_ASSIGN_OR_RETURN(Pipe report, MakePipe());
  FOOTHOLD_ASSIGN_OR_RETURN(Pipe out, MakePipe());
  FOOTHOLD_ASSIGN_OR_RETURN(Pipe err, MakePipe());
  for (const Pipe* pipe : {&report, &out, &err}) {
    ::fcntl(pipe->read_end.get(), F_SETFL, O_NONBLOCK);
  }
  Orders orders(command_, std::move(program), group_.get());
  orders.get().control = control.read_end.get();
  orders.get().report = report.write_end.get();
  orders.get().out = out.write_end.get();
  orders.get().err = err.write_end.get();

  // Blocked over the fork, so that no handler of ours runs in the keeper.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  keeper_ = ::fork();
  if (keeper_ == 0) internal::KeepProcess(orders.get());
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (keeper_ < 0) return ErrnoStatus(command_.argv.front(), "start a process", error);

  control_ = std::move(control.write_end);
  report_ = std::move(report.read_end);
  out_.fd = std::move(out.read_end);
  err_.fd = std::move(err.read_end);
  start_ = Now();
  return {};
}

Result<ProcessResult> RunningProcess::Finish() {
  while (!finished_ && !stuck_) {
    Wait();
    Drain(out_);
    Drain(err_);
    ReadReport();
    if (Now() >= next_look_) Look();
  }
  FOOTHOLD_RETURN_IF_ERROR(failure_);
  end_ = Now();
  // What the program wrote before it died is in the pipes.
  for (Stream* stream : {&out_, &err_}) {
    for (std::uint64_t before = ~0ULL; before != stream->text.bytes();) {
      before = stream->text.bytes();
      Drain(*stream);
    }
  }
  return Describe();
}

/// Until there is something to read, or time for a look.
void RunningProcess::Wait() {
  std::array<pollfd, 3> ready{{{out_.fd.get(), POLLIN, 0},  // a negative one is not looked at
                               {err_.fd.get(), POLLIN, 0},
                               {report_.get(), POLLIN, 0}}};
  const double seconds = std::max(0.0, next_look_ - Now());
  ::poll(ready.data(), ready.size(), static_cast<int>(std::ceil(seconds * 1000)));
}

void RunningProcess::Drain(Stream& stream) {
  if (!stream.fd.is_open()) return;
  std::array<char, 1 << 16> buffer;
  const ssize_t got =
      RetryInterrupted([&] { return ::read(stream.fd.get(), buffer.data(), buffer.size()); });
  if (got > 0) stream.text.Append({buffer.data(), static_cast<std::size_t>(got)});
  if (got == 0) stream.fd.Close();
}

void RunningProcess::ReadReport() {
  KeeperReport report;
  const ssize_t got =
      RetryInterrupted([&] { return ::read(report_.get(), &report, sizeof report); });
  if (got < 0) return;  // nothing yet
  if (got == 0) {
    // The keeper is dead and its program with it. What else there was is an orphan now; of that
    // only the group can still be named.
    finished_ = true;
    if (program_ > 0) ::kill(-program_, SIGKILL);
    return;
  }
  FOOTHOLD_CHECK(got == sizeof report);
  switch (report.kind) {
    case KeeperReport::kStarted:
      program_ = report.pid;
      start_ = Now();
      return;
    case KeeperReport::kCannotStart:
      failure_ = CannotStart(report);
      break;
    case KeeperReport::kEnded:
      last_ = report;
      break;
  }
  finished_ = true;
}

Status RunningProcess::CannotStart(const KeeperReport& report) const {
  const std::string& program = command_.argv.front();
  switch (report.step) {
    case KeeperReport::kEnterCgroup:
      return ErrnoStatus(program, "enter its cgroup", report.error);
    case KeeperReport::kEnterDirectory:
      return ErrnoStatus(command_.directory, "enter the directory", report.error);
    case KeeperReport::kSetLimit:
      return ErrnoStatus(program, "set its limits", report.error);
    case KeeperReport::kFork:
      return ErrnoStatus(program, "start a process", report.error);
    case KeeperReport::kExecute:
      break;
  }
  return ErrnoStatus(program, "execute", report.error);
}

void RunningProcess::Look() {
  const double now = Now();
  next_look_ = now + kLookSeconds;
  if (!stopped_) {
    if (const std::optional<ProcessEnd> broken = BrokenLimit()) Stop(*broken);
    return;
  }
  if (!killed_ && now >= kill_at_) {
    killed_ = true;
    Send(internal::kKill);
  }
  if (now < kill_at_ + kGiveUpSeconds) return;
  stuck_ = true;
  failure_ =
      Status::Unavailable(fmt::format("{}: process {} is stuck in the system and cannot be "
                                      "killed",
                                      command_.argv.front(), program_));
}

std::optional<ProcessEnd> RunningProcess::BrokenLimit() {
  if (cancelled_ && cancelled_()) return ProcessEnd::kCancelled;
  if (TooMuchOutput()) return ProcessEnd::kOutputLimit;
  if (limits_.wall_s && Now() - start_ >= *limits_.wall_s) return ProcessEnd::kWallLimit;
  if (program_ < 0) return std::nullopt;  // still a copy of this process
  const internal::TreeUsage usage = internal::UsageBelow(keeper_);
  peak_memory_ = std::max(peak_memory_, usage.memory_bytes);
  const bool kernel_limits = group_ && group_->limits_memory();
  if (limits_.memory_bytes && !kernel_limits && usage.memory_bytes > *limits_.memory_bytes) {
    return ProcessEnd::kMemoryLimit;
  }
  if (group_ && group_->RanOutOfTasks()) return ProcessEnd::kProcessLimit;
  if (limits_.processes && usage.processes > *limits_.processes) return ProcessEnd::kProcessLimit;
  if (limits_.cpu_s && usage.cpu_seconds >= *limits_.cpu_s) return ProcessEnd::kCpuLimit;
  return std::nullopt;
}

void RunningProcess::Stop(ProcessEnd reason) {
  stopped_ = reason;
  kill_at_ = Now();
  if (reason != ProcessEnd::kWallLimit && reason != ProcessEnd::kCancelled) return Look();
  kill_at_ += limits_.grace_s;
  Send(internal::kTerminate);
}

void RunningProcess::Send(internal::KeeperCommand command) const {
  // SIGPIPE is not ours to ignore for the whole process; block it for this one byte to a keeper
  // that may be dead.
  sigset_t pipe;
  sigset_t before;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, &before);
  const char byte = command;
  if (::write(control_.get(), &byte, 1) < 0 && errno == EPIPE) {
    const timespec at_once{};
    ::sigtimedwait(&pipe, nullptr, &at_once);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ProcessResult RunningProcess::Describe() const {
  ProcessResult result;
  result.wall_seconds = end_ - start_;
  result.peak_memory_bytes = group_ ? group_->PeakMemory().value_or(peak_memory_) : peak_memory_;
  result.out = {out_.text.Text(), out_.text.bytes(), out_.text.dropped_bytes()};
  result.err = {err_.text.Text(), err_.text.bytes(), err_.text.dropped_bytes()};
  result.end = ProcessEnd::kLost;
  if (last_) {
    const int status = last_->wait_status;
    result.cpu_seconds = static_cast<double>(last_->cpu_micros) * 1e-6;
    result.left_behind = stopped_ ? 0 : last_->left_behind;
    result.end = WIFSIGNALED(status) ? ProcessEnd::kSignalled : ProcessEnd::kExited;
    if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
    if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
    if (result.signal == SIGXFSZ) result.end = ProcessEnd::kFileSizeLimit;
    if (limits_.cpu_s && result.signal != 0 && result.cpu_seconds >= *limits_.cpu_s) {
      result.end = ProcessEnd::kCpuLimit;
    }
  }
  if (group_ && result.signal == SIGKILL && group_->RanOutOfMemory()) {
    result.end = ProcessEnd::kMemoryLimit;
    // The last page is the one that it did not get.
    result.peak_memory_bytes = std::max(result.peak_memory_bytes, limits_.memory_bytes.value_or(0));
  }
  if (group_ && group_->RanOutOfTasks()) result.end = ProcessEnd::kProcessLimit;
  if (TooMuchOutput()) result.end = ProcessEnd::kOutputLimit;
  if (stopped_) result.end = *stopped_;
  return result;
}

}  // namespace

Result<ProcessResult> RunPosixProcess(const ProcessCommand& command, const Cancelled& cancelled) {
  FOOTHOLD_CHECK(!command.argv.empty(), "a command needs a program");
  RunningProcess process(command, cancelled);
  FOOTHOLD_RETURN_IF_ERROR(process.Start());
  return process.Finish();
}

}  // namespace foothold
