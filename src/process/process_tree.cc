#include "process/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/errno.h"
#include "process/descriptor.h"

namespace foothold::process {
namespace {

/// Beyond this many processes the exact number does not matter: the limit was lower.
constexpr std::size_t kMaxProcesses = 100'000;

std::string ReadProcFile(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open()) return "";
  std::string text;
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t got =
        base::RetryInterrupted([&] { return ::read(fd.get(), buffer.data(), buffer.size()); });
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

/// The white-space separated whole numbers at the beginning of `text`.
std::vector<long long> Numbers(const char* text) {
  std::vector<long long> numbers;
  while (true) {
    char* end = nullptr;
    const long long number = std::strtoll(text, &end, 10);
    if (end == text) return numbers;
    numbers.push_back(number);
    text = end;
  }
}

void AppendChildren(pid_t pid, std::vector<pid_t>& processes) {
  if (!ProcIsOfThisNamespace()) return;
  const std::string tasks = fmt::format("/proc/{}/task", pid);
  const DirectoryStream directory(::opendir(tasks.c_str()));
  if (!directory) return;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] == '.') continue;
    const std::string text = ReadProcFile(fmt::format("{}/{}/children", tasks, entry->d_name));
    for (const long long child : Numbers(text.c_str())) {
      processes.push_back(static_cast<pid_t>(child));
    }
  }
}

/// What follows the name in "pid (name) state ppid ...": the name may hold anything, so count from
/// the last parenthesis. Empty when there is no such process.
std::string StatOf(pid_t pid) {
  if (!ProcIsOfThisNamespace()) return "";
  const std::string text = ReadProcFile(fmt::format("/proc/{}/stat", pid));
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 4 > text.size()) return "";
  return text.substr(name_end + 2);
}

void AddUsage(pid_t pid, TreeUsage& usage) {
  const std::string stat = StatOf(pid);
  if (stat.empty() || stat[0] == 'Z') return;  // dead, and holds nothing any more
  const std::vector<long long> fields = Numbers(stat.c_str() + 2);
  // proc(5): fields[0] is (4) ppid, so utime to cstime, (14) to (17), are 10 to 13; rss is (24).
  if (fields.size() < 21) return;
  static const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  ++usage.processes;
  usage.memory_bytes += static_cast<std::uint64_t>(fields[20]) * page;
  usage.cpu_seconds +=
      static_cast<double>(fields[10] + fields[11] + fields[12] + fields[13]) / ticks;
}

/// `root` and all below it.
std::vector<pid_t> TreeOf(pid_t root) {
  std::vector<pid_t> processes = {root};
  for (std::size_t i = 0; i < processes.size() && processes.size() < kMaxProcesses; ++i) {
    AppendChildren(processes[i], processes);
  }
  return processes;
}

/// Of a process, what it shares divided by those who share it; 0 of one that has ended; nullopt
/// where this system or another user keeps it from being told.
std::optional<std::uint64_t> ProportionalMemory(pid_t pid) {
  constexpr std::string_view kName = "\nPss:";
  const std::string text = ReadProcFile(fmt::format("/proc/{}/smaps_rollup", pid));
  const std::size_t at = text.find(kName);
  if (at != std::string::npos) {
    const auto kilobytes = std::strtoull(text.c_str() + at + kName.size(), nullptr, 10);
    return std::uint64_t{kilobytes} * 1024;
  }
  const std::string stat = StatOf(pid);
  const bool has_ended = stat.empty() || stat[0] == 'Z' || stat[0] == 'X';
  return has_ended ? std::optional<std::uint64_t>(0) : std::nullopt;
}

}  // namespace

bool ProcIsOfThisNamespace() {
  std::array<char, 16> text{};
  const ssize_t size = ::readlink("/proc/self", text.data(), text.size());
  pid_t pid = 0;
  for (ssize_t i = 0; i < size; ++i) pid = pid * 10 + (text[static_cast<std::size_t>(i)] - '0');
  return pid == ::getpid();
}

std::vector<pid_t> ChildrenOf(pid_t pid) {
  std::vector<pid_t> children;
  AppendChildren(pid, children);
  return children;
}

char StateOf(pid_t pid) {
  const std::string stat = StatOf(pid);
  return stat.empty() ? '\0' : stat[0];
}

int KillBelow(pid_t root, double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (true) {
    int alive = 0;
    const std::vector<pid_t> processes = TreeOf(root);
    for (std::size_t i = 1; i < processes.size(); ++i) {
      if (StateOf(processes[i]) == 'Z') continue;
      if (::kill(processes[i], SIGKILL) == 0 || errno == EPERM) ++alive;
    }
    if (alive == 0 || std::chrono::steady_clock::now() > end) return alive;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TreeUsage UsageBelow(pid_t root) {
  const std::vector<pid_t> processes = TreeOf(root);
  TreeUsage usage;
  for (std::size_t i = 1; i < processes.size(); ++i) AddUsage(processes[i], usage);
  return usage;
}

std::uint64_t MemoryBelow(pid_t root) {
  const auto look = [root] {
    const std::vector<pid_t> processes = TreeOf(root);
    std::uint64_t bytes = 0;
    for (std::size_t i = 1; i < processes.size(); ++i) {
      const std::optional<std::uint64_t> share = ProportionalMemory(processes[i]);
      TreeUsage resident;
      if (!share) AddUsage(processes[i], resident);
      bytes += share.value_or(resident.memory_bytes);
    }
    return bytes;
  };
  // One that ends during a look leaves its share to the others, after some were counted without.
  return std::min(look(), look());
}

}  // namespace foothold::process
