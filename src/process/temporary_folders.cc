#include "process/temporary_folders.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/errno.h"
#include "process/remove_tree.h"

namespace foothold::process {
namespace {

constexpr std::string_view kFolderPrefix = "foothold.";

/// "foothold.<pid>.<n>"
bool IsOuterName(std::string_view name) {
  if (!name.starts_with(kFolderPrefix)) return false;
  const std::string_view numbers = name.substr(kFolderPrefix.size());
  return numbers.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(numbers.begin(), numbers.end(), '.') == 1;
}

bool IsOwnDirectory(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid();
}

Descriptor OpenDirectory(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// Whether nobody else holds it; `*held` says whether this does now.
bool Lock(const Descriptor& directory, bool* held) {
  *held = directory.is_open() && ::flock(directory.get(), LOCK_EX | LOCK_NB) == 0;
  return *held || (directory.is_open() && errno != EWOULDBLOCK);
}

/// What killed processes left. A lock that cannot be had for another reason than its owner (some
/// network file systems have none) keeps the folder.
void RemoveStaleIn(const std::string& parent) {
  std::error_code error;
  std::filesystem::directory_iterator entries(parent, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::string path = entries->path().string();
    if (!IsOuterName(entries->path().filename().string()) || !IsOwnDirectory(path)) continue;
    ::chmod(path.c_str(), S_IRWXU);  // a candidate may have closed it
    bool held = false;
    const Descriptor directory = OpenDirectory(path);
    if (Lock(directory, &held) && held) (void)RemoveTree(path);
  }
}

}  // namespace

TemporaryFolders& TemporaryFolders::OfThisProcess() {
  static auto* const folders = new TemporaryFolders;  // never destroyed: other statics may use it
  return *folders;
}

void TemporaryFolders::RemoveStale() {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  if (!error) RemoveStaleIn(parent.string());
}

/// Opens it again if a candidate closed it.
bool TemporaryFolders::Outer::IsThere() const {
  struct stat held {};
  struct stat named {};
  ::fchmod(lock.get(), S_IRWXU);
  return ::fstat(lock.get(), &held) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

Result<std::string> TemporaryFolders::Create(std::string_view prefix) {
  const std::scoped_lock lock(mutex_);
  FOOTHOLD_ASSIGN_OR_RETURN(Outer * outer, FindOuter());
  std::string path = fmt::format("{}/{}XXXXXX", outer->path, prefix);
  if (::mkdtemp(path.data()) != nullptr) return *outer->folders.insert(path).first;
  return base::ErrnoStatus(outer->parent, "create a temporary directory", errno);
}

Result<TemporaryFolders::Outer*> TemporaryFolders::FindOuter() {
  std::error_code error;
  std::string parent = std::filesystem::temp_directory_path(error).string();
  if (error && !outers_.empty()) {  // it was there; a candidate removed it
    parent = outers_.back().parent;
    std::filesystem::create_directories(parent, error);
  }
  if (error) return base::ErrnoStatus("TMPDIR", "find the directory", error.value());
  for (Outer& outer : outers_) {
    if (outer.parent == parent && outer.pid == ::getpid() && outer.IsThere()) return &outer;
  }
  return MakeOuter(parent);
}

Result<TemporaryFolders::Outer*> TemporaryFolders::MakeOuter(const std::string& parent) {
  RemoveStaleIn(parent);
  for (int number = 0;; ++number) {
    const std::string name = fmt::format("{}{}.{}", kFolderPrefix, ::getpid(), number);
    Outer outer{
        (std::filesystem::path(parent) / name).string(), parent, ::getpid(), Descriptor(), {}};
    if (::mkdir(outer.path.c_str(), S_IRWXU) != 0) {
      if (errno == EEXIST) continue;
      return base::ErrnoStatus(parent, "create a temporary directory", errno);
    }
    outer.lock = OpenDirectory(outer.path);
    bool held = false;
    // Another one that starts may have taken it for a dead one's before it was locked.
    if (!Lock(outer.lock, &held) || !outer.IsThere()) continue;
    outers_.push_back(std::move(outer));
    return &outers_.back();
  }
}

void TemporaryFolders::Made(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.filename().string().starts_with(fmt::format("{}{}.", kFolderPrefix, ::getpid())))
    return;
  const std::scoped_lock lock(mutex_);
  auto outer = std::find_if(outers_.begin(), outers_.end(),
                            [&](const Outer& known) { return known.path == parent.string(); });
  if (outer == outers_.end()) {  // it went with the last folder, or was another's with this pid
    outers_.push_back({parent.string(), parent.parent_path().string(), ::getpid(), {}, {}});
    outer = outers_.end() - 1;
  }
  outer->pid = ::getpid();
  outer->folders.insert(path);
  if (outer->lock.is_open() && outer->IsThere()) return;
  outer->lock = OpenDirectory(outer->path);
  bool held = false;
  (void)Lock(outer->lock, &held);
}

void TemporaryFolders::Removed(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  const auto outer = std::find_if(outers_.begin(), outers_.end(), [&](const Outer& candidate) {
    return candidate.pid == ::getpid() && candidate.folders.contains(path);
  });
  if (outer == outers_.end()) return;
  outer->folders.erase(path);
  if (!outer->folders.empty()) return;
  (void)RemoveTree(outer->path);  // the next process tries again
  outers_.erase(outer);
}

}  // namespace foothold::process
