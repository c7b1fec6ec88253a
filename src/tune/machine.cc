#include "tune/machine.h"

#include <sys/utsname.h>

#include <string_view>

#include "base/parallel.h"

namespace foothold::tune {
namespace {

/// The value of the first "key : value" line of a file like /proc/cpuinfo; empty if there is none.
std::string FirstValue(std::string_view text, std::string_view key) {
  std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  at = text.find(": ", at);
  const std::size_t end = text.find('\n', at);
  if (at == std::string_view::npos || end < at + 2) return {};
  return std::string(text.substr(at + 2, end == std::string_view::npos ? end : end - at - 2));
}

/// What /proc/cpuinfo calls the processor; where it gives no name, as on Arm, the numbers of its
/// maker and its kind.
std::string ProcessorOf(std::string_view cpuinfo) {
  std::string model = FirstValue(cpuinfo, "model name");
  if (!model.empty()) return model;
  const std::string maker = FirstValue(cpuinfo, "CPU implementer");
  const std::string part = FirstValue(cpuinfo, "CPU part");
  return part.empty() ? "" : "implementer " + maker + ", part " + part;
}

}  // namespace

std::map<std::string, std::string> DescribeMachine(Env& env) {
  std::map<std::string, std::string> machine;
#if defined(__clang__)
  machine["compiler"] = "clang " __clang_version__;
#else
  machine["compiler"] = "gcc " __VERSION__;
#endif
  if (utsname system{}; uname(&system) == 0) {
    machine["host"] = system.nodename;
    machine["kernel"] = std::string(system.sysname) + ' ' + system.release + ' ' + system.machine;
  }
  if (const Result<std::string> cpus = env.ReadFile("/proc/cpuinfo"); cpus.ok()) {
    if (std::string model = ProcessorOf(*cpus); !model.empty()) machine["cpu"] = model;
  }
  machine["cores"] = std::to_string(base::ThreadCount(0));
  const auto add_line = [&](const char* name, const std::string& path) {
    const Result<std::string> text = env.ReadFile(path);
    if (text.ok()) machine[name] = text->substr(0, text->find('\n'));
  };
  // What the times of a real device depend on.
  add_line("governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  add_line("no_turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo");
  add_line("boost", "/sys/devices/system/cpu/cpufreq/boost");
  add_line("load", "/proc/loadavg");
  return machine;
}

}  // namespace foothold::tune
