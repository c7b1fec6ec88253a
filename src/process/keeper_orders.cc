#include "process/keeper_orders.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace foothold::process {
namespace {

bool IsProgram(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

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

OwnedOrders::OwnedOrders(const ProcessCommand& command, std::string program, const Cgroup* group)
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

void OwnedOrders::MergeEnvironment(const std::map<std::string, std::string>& added) {
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

void OwnedOrders::SetLimits(const ProcessLimits& limits, bool group_limits_memory) {
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

void OwnedOrders::Limit(int resource, rlim_t soft, rlim_t hard) {
  orders_.limits.at(static_cast<std::size_t>(orders_.limit_count++)) = {resource, soft, hard};
}

}  // namespace foothold::process
