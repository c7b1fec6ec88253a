#include "process/process_posix.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <ctime>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/errno.h"
#include "process/bounded_text.h"
#include "process/cgroup.h"
#include "process/descriptor.h"
#include "process/keeper_orders.h"
#include "process/orphans.h"
#include "process/process_keeper.h"
#include "process/process_tree.h"

namespace foothold::process {
namespace {

constexpr double kLookSeconds = 0.02;
/// A keeper that was told to end everything does so within its own patience, or not at all.
constexpr double kKeeperGraceSeconds = kKeeperPatienceSeconds + 2;
/// A candidate can stop its keeper by tracing it; so may a debugger, but seldom for so long.
constexpr double kTracedSeconds = 2;
/// What was killed is gone within, or is stuck in the system.
constexpr double kDyingSeconds = 2;

double Now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

/// From a child, whose end blocks, to us.
Result<Pipe> MakePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return base::ErrnoStatus("pipe", "create", errno);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A channel to a keeper. Of all kinds it is the one that a candidate cannot open in /proc/PID/fd.
Result<Pipe> MakeChannel() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return base::ErrnoStatus("socket", "create", errno);
  }
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Of execve: the file is there, and is no program.
bool IsNoProgram(int error) {
  constexpr int kErrors[] = {EACCES, ELIBBAD, ELOOP, ENOEXEC, ENOTDIR, ETXTBSY};
  return std::find(std::begin(kErrors), std::end(kErrors), error) != std::end(kErrors);
}

CapturedOutput Captured(const BoundedText& text) {
  return {text.Text(), text.bytes(), text.dropped_bytes(), text.LastLineIsCut()};
}

/// A program under a keeper. The destructor leaves nothing behind, in its cgroup neither.
class RunningProcess {
 public:
  RunningProcess(const ProcessCommand& command, const Cancelled& cancelled)
      : command_(command),
        limits_(command.limits),
        cancelled_(cancelled),
        group_(CgroupSubtree::OfThisProcess().MakeGroup(command.limits)),
        out_{{}, BoundedText(command.kept_output_bytes, command.kept_last_line_bytes)},
        err_{{}, BoundedText(command.kept_output_bytes, command.kept_last_line_bytes)} {}
  RunningProcess(const RunningProcess&) = delete;
  RunningProcess& operator=(const RunningProcess&) = delete;
  ~RunningProcess() { EndKeeper(); }

  Status Start();
  Result<ProcessResult> Finish();

 private:
  struct Stream {
    Descriptor fd;
    BoundedText text;
  };

  void Wait();
  void Drain(Stream& stream);
  void DrainRest(Stream& stream);
  void ReadReport();
  Status CannotStart(const KeeperReport& report) const;
  void Look();
  void WakeKeeper(double now);
  std::optional<ProcessEnd> BrokenLimit();
  void Stop(ProcessEnd reason);
  void Send(KeeperCommand command) const;
  void TakeOver();
  void EndKeeper();
  std::uint64_t OutputBytes() const { return out_.text.bytes() + err_.text.bytes(); }
  bool TooMuchOutput() const {
    return limits_.output_bytes && OutputBytes() > *limits_.output_bytes;
  }
  ProcessResult Describe() const;

  const ProcessCommand& command_;
  const ProcessLimits& limits_;
  const Cancelled& cancelled_;
  std::unique_ptr<Cgroup> group_;  // of the program; null where there are none
  Descriptor channel_;
  Stream out_;
  Stream err_;
  pid_t keeper_ = -1;  // -1 before it is started and after its end

  double start_ = 0;
  double end_ = 0;
  double next_look_ = 0;
  double traced_since_ = 0;  // 0: the keeper is not
  pid_t program_ = -1;       // known once it runs
  std::uint64_t peak_memory_ = 0;
  std::optional<ProcessEnd> stopped_;  // why we ended it
  double kill_at_ = 0;                 // meaningful when stopped_
  bool killed_ = false;
  bool finished_ = false;  // there will be no more reports
  int out_of_reach_ = 0;   // processes that could not be ended
  Status failure_;
  std::optional<KeeperReport> last_;
};

Status RunningProcess::Start() {
  FOOTHOLD_ASSIGN_OR_RETURN(std::string program, FindProgram(command_));
  FOOTHOLD_ASSIGN_OR_RETURN(Pipe channel, MakeChannel());
  FOOTHOLD_ASSIGN_OR_RETURN(Pipe out, MakePipe());
  FOOTHOLD_ASSIGN_OR_RETURN(Pipe err, MakePipe());
  OwnedOrders orders(command_, std::move(program), group_.get());
  orders.get().channel = channel.write_end.get();
  orders.get().out = out.write_end.get();
  orders.get().err = err.write_end.get();

  // Blocked over the fork, so that no handler of ours runs in the keeper.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  keeper_ = ForkKeeper();
  if (keeper_ == 0) KeepProcess(orders.get());
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (keeper_ < 0) return base::ErrnoStatus(command_.argv.front(), "start a process", error);

  channel_ = std::move(channel.read_end);
  out_.fd = std::move(out.read_end);
  err_.fd = std::move(err.read_end);
  start_ = Now();
  return {};
}

Result<ProcessResult> RunningProcess::Finish() {
  while (!finished_) {
    Wait();
    Drain(out_);
    Drain(err_);
    ReadReport();
    if (!finished_ && Now() >= next_look_) Look();
  }
  end_ = Now();
  EndKeeper();
  FOOTHOLD_RETURN_IF_ERROR(failure_);
  DrainRest(out_);
  DrainRest(err_);
  return Describe();
}

/// What the program wrote before it died is in the pipe. What is out of reach may still write.
void RunningProcess::DrainRest(Stream& stream) {
  constexpr std::uint64_t kMostInAPipe = 1 << 20;
  const std::uint64_t begin = stream.text.bytes();
  for (std::uint64_t before = ~0ULL;
       before != stream.text.bytes() && stream.text.bytes() - begin <= kMostInAPipe;) {
    before = stream.text.bytes();
    Drain(stream);
  }
}

/// Until there is something to read, or time for a look.
void RunningProcess::Wait() {
  std::array<pollfd, 3> ready{{{out_.fd.get(), POLLIN, 0},  // a negative one is not looked at
                               {err_.fd.get(), POLLIN, 0},
                               {channel_.get(), POLLIN, 0}}};
  const double seconds = std::max(0.0, next_look_ - Now());
  ::poll(ready.data(), ready.size(), static_cast<int>(std::ceil(seconds * 1000)));
}

void RunningProcess::Drain(Stream& stream) {
  if (!stream.fd.is_open()) return;
  std::array<char, 1 << 16> buffer;
  const ssize_t got =
      base::RetryInterrupted([&] { return ::read(stream.fd.get(), buffer.data(), buffer.size()); });
  if (got > 0) stream.text.Append({buffer.data(), static_cast<std::size_t>(got)});
  if (got == 0) stream.fd.Close();
}

void RunningProcess::ReadReport() {
  KeeperReport report;
  const ssize_t got = base::RetryInterrupted(
      [&] { return ::recv(channel_.get(), &report, sizeof report, MSG_DONTWAIT); });
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
  const bool is_start = report.kind == KeeperReport::kStarted;
  // The keeper is dead, or somebody else has written here.
  if (!report.IsReport(got) || (is_start && (program_ > 0 || report.pid <= 1))) return TakeOver();
  if (is_start) {
    program_ = report.pid;
    start_ = Now();
    return;
  }
  finished_ = true;
  if (report.kind == KeeperReport::kCannotStart) {
    failure_ = CannotStart(report);
  } else {
    last_ = report;
    out_of_reach_ = report.out_of_reach;
  }
}

Status RunningProcess::CannotStart(const KeeperReport& report) const {
  const std::string& program = command_.argv.front();
  switch (report.step) {
    case KeeperReport::kPrepare:
    case KeeperReport::kEnterCgroup:
      // Whatever is missing there, it is not the program.
      return Status::Unavailable(
          base::ErrnoStatus(program, "prepare its process", report.error).message());
    case KeeperReport::kEnterDirectory:
      return base::ErrnoStatus(command_.directory, "enter the directory", report.error);
    case KeeperReport::kSetLimit:
      return base::ErrnoStatus(program, "set its limits", report.error);
    case KeeperReport::kFork:
      return base::ErrnoStatus(program, "start a process", report.error);
    case KeeperReport::kExecute:
      break;
  }
  Status status = base::ErrnoStatus(program, "execute", report.error);
  if (!IsNoProgram(report.error)) return status;
  return Status::InvalidArgument(status.message());
}

void RunningProcess::Look() {
  const double now = Now();
  next_look_ = now + kLookSeconds;
  WakeKeeper(now);
  if (!stopped_) {
    if (const std::optional<ProcessEnd> broken = BrokenLimit()) Stop(*broken);
    return;
  }
  if (!killed_ && now >= kill_at_) {
    killed_ = true;
    Send(kKill);
  }
  if (now >= kill_at_ + kKeeperGraceSeconds) TakeOver();
}

/// A candidate may stop its keeper, like any process of its user.
void RunningProcess::WakeKeeper(double now) {
  siginfo_t stopped{};
  if (::waitid(P_PID, static_cast<id_t>(keeper_), &stopped, WSTOPPED | WNOHANG) == 0 &&
      stopped.si_pid != 0) {
    ::kill(keeper_, SIGCONT);
  }
  if (StateOf(keeper_) != 't') {
    traced_since_ = 0;
  } else if (traced_since_ <= 0) {
    traced_since_ = now;
  } else if (now - traced_since_ >= kTracedSeconds) {
    TakeOver();
  }
}

std::optional<ProcessEnd> RunningProcess::BrokenLimit() {
  if (cancelled_ && cancelled_()) return ProcessEnd::kCancelled;
  if (TooMuchOutput()) return ProcessEnd::kOutputLimit;
  if (limits_.wall_s && Now() - start_ >= *limits_.wall_s) return ProcessEnd::kWallLimit;
  if (program_ < 0) return std::nullopt;  // still a copy of this process
  TreeUsage usage = UsageBelow(keeper_);
  const bool kernel_limits = group_ && group_->limits_memory();
  if (limits_.memory_bytes && !kernel_limits && usage.memory_bytes > *limits_.memory_bytes) {
    usage.memory_bytes = MemoryBelow(keeper_);  // most of it may be shared
  }
  peak_memory_ = std::max(peak_memory_, usage.memory_bytes);
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
  Send(kTerminate);
}

void RunningProcess::Send(KeeperCommand command) const {
  const char byte = command;
  (void)!::send(channel_.get(), &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/// Ends everything without the keeper, which is dead, cannot be talked to, or does nothing.
void RunningProcess::TakeOver() {
  finished_ = true;
  if (group_) group_->Kill();
  out_of_reach_ = KillBelow(keeper_, kDyingSeconds);
  // If the keeper is dead, its program dies with it; the rest of the group is an orphan now.
  if (program_ > 0) ::kill(-program_, SIGKILL);
  ::kill(keeper_, SIGKILL);
}

/// Returns when the keeper is gone, unless it is stuck in the system.
void RunningProcess::EndKeeper() {
  if (keeper_ < 0) return;
  ::shutdown(channel_.get(), SHUT_WR);  // it takes it for our death, and kills everything
  const double start = Now();
  while (::waitpid(keeper_, nullptr, WNOHANG) == 0) {
    const double waited = Now() - start;
    ::kill(keeper_, SIGCONT);
    if (!finished_ && waited > kKeeperGraceSeconds) TakeOver();
    if (finished_ && waited > kDyingSeconds) ::kill(keeper_, SIGKILL);
    if (waited > kKeeperGraceSeconds + kDyingSeconds) break;
    pollfd ended{channel_.get(), 0, 0};  // closed by the system when it exits
    if (::poll(&ended, 1, 20) > 0) ::usleep(100);
  }
  ForgetKeeper(std::exchange(keeper_, -1));
  if (!last_ || out_of_reach_ > 0) EndOrphans();
}

ProcessResult RunningProcess::Describe() const {
  ProcessResult result;
  result.wall_seconds = end_ - start_;
  result.peak_memory_bytes = group_ ? group_->PeakMemory().value_or(peak_memory_) : peak_memory_;
  result.out = Captured(out_.text);
  result.err = Captured(err_.text);
  result.end = ProcessEnd::kLost;
  result.out_of_reach = out_of_reach_;
  if (last_ && last_->reaped != 0) {
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

}  // namespace foothold::process
