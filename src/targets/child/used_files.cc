#include "targets/child/used_files.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/content_hash.h"
#include "core/target/dependencies.h"

namespace foothold::child {
namespace {

/// Of a file so much is searched for #include lines.
constexpr std::size_t kMostSearchedBytes = std::size_t{4} << 20;
constexpr std::size_t kMostFiles = 10'000;
constexpr std::size_t kMostAbsent = 4'096;
constexpr const char* kBlanks = " \t";

std::string Normal(const std::filesystem::path& path) { return path.lexically_normal().string(); }

std::string FolderOf(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

/// The beginning of the file as text; empty for what is no text.
Result<std::string> TextOf(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto file, env.OpenForRead(path));
  std::string text;
  while (text.size() < kMostSearchedBytes) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string piece, file->Read(kMostSearchedBytes));
    if (piece.empty()) break;
    text += piece;
  }
  return text.find('\0') == std::string::npos ? text : "";
}

struct Include {
  std::string path;
  bool is_quoted = false;
};

/// What the line includes, if it is an #include line.
std::optional<Include> IncludeOf(std::string_view line) {
  const auto skip = [&line](std::string_view word) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (!line.starts_with(word)) return false;
    line.remove_prefix(word.size());
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    return true;
  };
  if (!skip("#") || !skip("include") || line.empty()) return std::nullopt;
  const bool is_quoted = line.front() == '"';
  if (!is_quoted && line.front() != '<') return std::nullopt;
  const std::size_t end = line.find(is_quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), is_quoted};
}

}  // namespace

void UsedFiles::AddIncludeFolders(std::string_view options) {
  while (!options.empty()) {
    options.remove_prefix(std::min(options.find_first_not_of(kBlanks), options.size()));
    const std::string_view word = options.substr(0, options.find_first_of(kBlanks));
    options.remove_prefix(word.size());
    if (word.size() > 2 && word.starts_with("-I")) include_folders_.emplace_back(word.substr(2));
  }
}

void UsedFiles::Exclude(const std::string& pattern) {
  excluded_.push_back(Normal(std::filesystem::path(folder_) / pattern));
}

bool UsedFiles::IsExcluded(const std::string& path) const {
  return std::any_of(excluded_.begin(), excluded_.end(), [&](const std::string& pattern) {
    return fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0;
  });
}

std::string UsedFiles::NameOf(const std::string& path) const {
  return path.starts_with(folder_ + "/") ? path.substr(folder_.size() + 1) : path;
}

void UsedFiles::AddAbsent(const std::string& path) {
  const std::string normal = Normal(std::filesystem::absolute(path));
  if (absent_ == kMostAbsent || IsExcluded(normal)) return;
  if (dependencies_.emplace(NameOf(normal), target::kAbsentFile).second) ++absent_;
}

Status UsedFiles::Add(const std::string& path) {
  const std::string normal = Normal(std::filesystem::absolute(path));
  if (IsExcluded(normal) || !seen_.insert(normal).second) return {};
  if (seen_.size() > kMostFiles) {
    return Status::InvalidArgument(
        fmt::format("{}: more than {} files are used; name fewer of them", path, kMostFiles));
  }
  FOOTHOLD_RETURN_IF_ERROR(target::AddFile(env_, NameOf(normal), normal, dependencies_));
  return AddIncludes(normal);
}

Status UsedFiles::AddTree(const std::string& name, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(dependencies_[name], base::HashTree(env_, path));
  return {};
}

Status UsedFiles::AddIncludes(const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, TextOf(env_, path));
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::optional<Include> include = IncludeOf(line);
    if (!include) continue;
    std::vector<std::string> folders = include_folders_;
    if (include->is_quoted) folders.insert(folders.begin(), FolderOf(path));
    for (const std::string& folder : folders) {
      const std::string found = Normal(std::filesystem::path(folder) / include->path);
      if (!IsRegularFile(env_, found)) continue;
      FOOTHOLD_RETURN_IF_ERROR(Add(found));
      break;
    }
  }
  return {};
}

Result<bool> AddProgram(Env& env, const std::string& name, Dependencies& dependencies) {
  std::vector<std::string> paths;
  if (name.find('/') != std::string::npos) {
    paths = {name};
  } else if (const char* search = std::getenv("PATH"); search != nullptr && !name.empty()) {
    std::string_view folders = search;
    while (!folders.empty()) {
      const std::string_view folder = folders.substr(0, folders.find(':'));
      folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
      paths.push_back(fmt::format("{}/{}", folder.empty() ? "." : folder, name));
    }
  }
  for (const std::string& path : paths) {
    if (!IsRegularFile(env, path)) continue;
    FOOTHOLD_RETURN_IF_ERROR(target::AddFile(env, "program " + name, path, dependencies));
    return true;
  }
  return false;
}

bool IsRegularFile(Env& env, const std::string& path) {
  const Result<FileInfo> info = env.Inspect(path);
  return info.ok() && info->kind == FileInfo::Kind::kRegular;
}

}  // namespace foothold::child
