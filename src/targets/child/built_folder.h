#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "foothold/process.h"
#include "foothold/target.h"
#include "targets/child/folder.h"

namespace foothold::child {

/// The folder of a built candidate, for targets whose candidates run in child processes there. A
/// candidate may remove, replace or close its folder, or another one's; so this can build into it
/// again. Goes with its owner. Thread-safe.
class BuiltFolder {
 public:
  /// Builds into the empty folder `path`. Nothing when that succeeded, else why it did not.
  using Fill = std::function<std::optional<BuildResult>(const std::string& path)>;
  using Start = std::function<Result<ProcessResult>()>;
  using Judge = std::function<RunResult(const Result<ProcessResult>& process)>;

  /// A temporary folder of that prefix, not filled yet. `env` must outlive this, and so must what
  /// `fill` refers to.
  static Result<std::unique_ptr<BuiltFolder>> Create(Env& env, std::string_view prefix, Fill fill);

  const std::string& path() const { return folder_.path(); }
  /// Fills it. `program` is a file in it that a run needs, if the build leaves it; may be empty.
  std::optional<BuildResult> Build(std::string program);
  /// `judge` of what `start` made of the folder, which is filled again first if it was lost. Who
  /// loses it again and again, or cannot be built again, fails with stage "run.folder". REQUIRES:
  /// Build succeeded.
  RunResult Run(const Start& start, const Judge& judge) const;

 private:
  BuiltFolder(Env& env, OwnedFolder folder, Fill fill)
      : env_(env), folder_(std::move(folder)), fill_(std::move(fill)) {}

  bool IsWhole() const;
  std::optional<BuildResult> FillFolder() const;
  std::optional<RunResult> BuildAgain() const;

  Env& env_;
  const OwnedFolder folder_;
  const Fill fill_;
  std::string program_;  // path; empty when a run needs none
  mutable std::mutex building_;
};

}  // namespace foothold::child
