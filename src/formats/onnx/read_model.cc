// A model's files: itself, and its external data beside it.
#include <fmt/core.h>

#include <filesystem>
#include <map>

#include "formats/onnx/model.h"

namespace foothold::onnx {
namespace {

/// Of a file. A protocol buffer ends at 2 GiB; external data of what runs on one board are smaller.
constexpr std::uint64_t kMostModelBytes = std::uint64_t{1} << 31;

Result<std::shared_ptr<const std::string>> ReadRegularFile(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo info, env.Inspect(path));
  if (info.kind != FileInfo::Kind::kRegular) {
    return Status::InvalidArgument(path + ": must be a regular file");
  }
  FOOTHOLD_ASSIGN_OR_RETURN(std::string bytes, env.ReadFile(path, kMostModelBytes));
  return std::make_shared<const std::string>(std::move(bytes));
}

}  // namespace

Result<Model> ReadModel(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(auto bytes, ReadRegularFile(env, path));
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return ParseModel(std::move(bytes), path, [&](const std::string& location) {
    return ReadRegularFile(env, (folder / location).string());
  });
}

}  // namespace foothold::onnx
