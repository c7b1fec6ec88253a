#include "targets/cpu/toolchain.h"

#include <fmt/core.h>

#include <string_view>

#include "base/parallel.h"
#include "targets/child/output_line.h"

namespace foothold::cpu {
namespace {

constexpr double kVersionLimit_s = 10;

/// The value of the first "key : value" line; empty if there is none.
std::string_view ValueOf(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view line = text.substr(at, text.find('\n', at) - at);
  const std::size_t colon = line.find(": ");
  return colon == std::string_view::npos ? std::string_view() : line.substr(colon + 2);
}

bool HasWord(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::string_view first = words.substr(0, words.find(' '));
    if (first == word) return true;
    words.remove_prefix(std::min(words.size(), first.size() + 1));
  }
  return false;
}

}  // namespace

Host ParseHost(std::string_view cpuinfo) {
  Host host;
  host.model = std::string(ValueOf(cpuinfo, "model name"));
  const std::string_view flags = ValueOf(cpuinfo, "flags");
  if (HasWord(flags, "avx")) host.vectors.push_back(8);
  if (HasWord(flags, "avx512f")) host.vectors.push_back(16);
  return host;
}

Host DescribeHost(Env& env) {
  const Result<std::string> cpuinfo = env.ReadFile("/proc/cpuinfo");
  Host host = cpuinfo.ok() ? ParseHost(*cpuinfo) : Host{};
  host.threads = static_cast<int>(base::ThreadCount(0));
  return host;
}

Result<Toolchain> FindToolchain(Env& env, const std::string& wanted) {
  std::vector<std::string> candidates = {"cc", "gcc", "clang"};
  if (!wanted.empty()) candidates = {wanted};
  for (const std::string& candidate : candidates) {
    ProcessCommand command;
    command.argv = {candidate, "--version"};
    command.limits.wall_s = kVersionLimit_s;
    const Result<ProcessResult> process = env.RunProcess(command, nullptr);
    if (!process.ok() && process.status().code() != StatusCode::kNotFound) return process.status();
    if (!process.ok() || !process->succeeded()) continue;
    Toolchain found;
    found.compiler = candidate;
    found.version = process->out.text.substr(0, process->out.text.find('\n'));
    return found;
  }
  return Status::NotFound(
      wanted.empty()
          ? "the cpu target needs a C compiler, and there is no cc, gcc or clang: install "
            "gcc, or name one in the environment variable CC"
          : fmt::format("the C compiler \"{}\" (environment variable CC) does not answer "
                        "to --version",
                        wanted));
}

}  // namespace foothold::cpu
