#include "targets/child/built_folder.h"

#include <fmt/format.h>

#include <utility>

#include "targets/child/process_failure.h"

namespace foothold::child {
namespace {

/// A folder is lost by accident once; by a neighbour that ran meanwhile perhaps once more.
constexpr int kMostLosses = 2;

}  // namespace

Result<std::unique_ptr<BuiltFolder>> BuiltFolder::Create(Env& env, std::string_view prefix,
                                                         Fill fill) {
  Result<OwnedFolder> folder = OwnedFolder::Create(env, prefix);
  if (!folder.ok()) return folder.status();
  return std::unique_ptr<BuiltFolder>(new BuiltFolder(env, *std::move(folder), std::move(fill)));
}

std::optional<BuildResult> BuiltFolder::Build(std::string program) {
  std::optional<BuildResult> failed = FillFolder();
  if (!failed && !program.empty() && env_.FileExists(program)) program_ = std::move(program);
  return failed;
}

std::optional<BuildResult> BuiltFolder::FillFolder() const {
  std::optional<BuildResult> failed = fill_(path());
  if (folder_.IsUsable()) return failed;
  // A build that destroys its folder leaves nothing behind, which shows when it is run.
  BuildResult unknown;
  unknown.status = folder_.Restore();
  if (!unknown.status.ok()) return unknown;
  const bool could_not_start = failed && !failed->status.ok();
  return could_not_start && failed->status.code() != StatusCode::kCancelled ? fill_(path())
                                                                            : std::move(failed);
}

RunResult BuiltFolder::Run(const Start& start, const Judge& judge) const {
  for (int losses = 0;; ++losses) {
    if (!IsWhole()) {
      if (std::optional<RunResult> lost = BuildAgain()) return *std::move(lost);
    }
    const Result<ProcessResult> process = start();
    if (process.ok() || process.status().code() == StatusCode::kCancelled || IsWhole()) {
      return judge(process);
    }
    if (losses == kMostLosses) {
      return FailedRun(Outcome::kRuntime, "folder", "lost its folder again and again");
    }
  }
}

bool BuiltFolder::IsWhole() const {
  return folder_.IsUsable() && (program_.empty() || env_.FileExists(program_));
}

std::optional<RunResult> BuiltFolder::BuildAgain() const {
  const std::scoped_lock lock(building_);
  if (IsWhole()) return std::nullopt;
  if (Status restored = folder_.Restore(); !restored.ok()) return UnknownRun(std::move(restored));
  const std::optional<BuildResult> failed = FillFolder();
  if (!failed) return std::nullopt;
  if (!failed->status.ok()) return UnknownRun(failed->status);
  return FailedRun(
      Outcome::kRuntime, "folder",
      fmt::format("lost its folder, and could not be built again: {}", failed->failure->reason));
}

}  // namespace foothold::child
