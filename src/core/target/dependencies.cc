#include "core/target/dependencies.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>

#include "base/content_hash.h"

namespace foothold::target {
namespace {

constexpr const char* kThisProgram = "/proc/self/exe";
/// Where the system keeps its own libraries, which change with its updates.
constexpr std::string_view kSystemFolders[] = {"/usr/", "/lib", "/opt/"};

/// The files that /proc/self/maps says are mapped to be executed.
std::set<std::string> MappedPrograms(std::string_view maps) {
  std::set<std::string> paths;
  while (!maps.empty()) {
    const std::string_view line = maps.substr(0, maps.find('\n'));
    maps.remove_prefix(std::min(maps.size(), line.size() + 1));
    const std::size_t rights = line.find(' ');
    const std::size_t path = line.find('/');
    if (path == std::string_view::npos || line.substr(rights + 1, 4).find('x') != 2) continue;
    paths.emplace(line.substr(path));
  }
  return paths;
}

bool IsOfTheSystem(const std::string& path) {
  return std::any_of(std::begin(kSystemFolders), std::end(kSystemFolders),
                     [&](std::string_view folder) { return path.starts_with(folder); });
}

Result<Dependencies> HashProgram(Env& env) {
  Dependencies dependencies;
  FOOTHOLD_RETURN_IF_ERROR(AddFile(env, "the program", kThisProgram, dependencies));
  const Result<std::string> maps = env.ReadFile("/proc/self/maps");
  if (!maps.ok()) return dependencies;
  const Result<FileInfo> program = env.Inspect(kThisProgram);
  for (const std::string& path : MappedPrograms(*maps)) {
    const Result<FileInfo> info = env.Inspect(path);
    const bool is_file = info.ok() && info->kind == FileInfo::Kind::kRegular;
    if (!is_file || IsOfTheSystem(path)) continue;
    if (program.ok() && info->IsSameFileAs(*program)) continue;
    const std::string name = "library " + path.substr(path.rfind('/') + 1);
    FOOTHOLD_RETURN_IF_ERROR(AddFile(env, name, path, dependencies));
  }
  return dependencies;
}

}  // namespace

Status AddFile(Env& env, const std::string& name, const std::string& path,
               Dependencies& dependencies) {
  const Result<std::string> hash = base::HashFile(env, path);
  if (hash.status().code() == StatusCode::kIoError) {
    FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo info, env.Inspect(path));
    dependencies[name] = std::to_string(info.bytes) + " bytes that cannot be read";
    return {};
  }
  FOOTHOLD_ASSIGN_OR_RETURN(dependencies[name], hash);
  return {};
}

std::string FileName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Result<Dependencies> ProgramDependencies(Env& env) {
  static std::mutex mutex;
  static std::optional<Dependencies> known;
  const std::scoped_lock lock(mutex);
  if (!known) {
    FOOTHOLD_ASSIGN_OR_RETURN(known, HashProgram(env));
  }
  return *known;
}

}  // namespace foothold::target
