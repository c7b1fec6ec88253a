#include "cli/common/files.h"

#include <fmt/core.h>

namespace foothold::cli {

bool IsSameFile(Env& env, const std::string& a, const std::string& b) {
  const Result<FileInfo> first = env.Inspect(a);
  const Result<FileInfo> second = env.Inspect(b);
  return first.ok() && second.ok() && first->IsSameFileAs(*second);
}

Status CheckIsNoInput(Env& env, const std::string& option, const std::string& output,
                      const std::vector<std::string>& inputs) {
  if (output == "-") return {};  // the standard output
  const Result<FileInfo> info = env.Inspect(output);
  if (!info.ok() || info->kind != FileInfo::Kind::kRegular) return {};
  for (const std::string& input : inputs) {
    if (!IsSameFile(env, output, input)) continue;
    return Status::InvalidArgument(
        fmt::format("{} {}: is the file that is read{}, which would be lost; name another", option,
                    output, input == output ? "" : fmt::format(" as {}", input)));
  }
  return {};
}

}  // namespace foothold::cli
