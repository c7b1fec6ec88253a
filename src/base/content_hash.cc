#include "base/content_hash.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/sha256.h"

namespace foothold::base {
namespace {

constexpr const char* kAlgorithm = "sha256 ";
constexpr std::size_t kHashPieceBytes = std::size_t{1} << 20;
constexpr int kMostFiles = 10'000;
constexpr int kMostLevels = 32;

/// Adds what is below a directory, in alphabetical order.
class TreeHash {
 public:
  explicit TreeHash(Env& env) : env_(env) {}

  /// `name` is the path below the directory that was asked for.
  Status Add(const std::string& path, const std::string& name, int level) {
    FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo info, env_.Inspect(path));
    if (info.kind == FileInfo::Kind::kDirectory) return AddDirectory(path, name, level);
    if (info.kind != FileInfo::Kind::kRegular) return {};
    if (++files_ > kMostFiles) {
      return Status::InvalidArgument(
          fmt::format("holds more than {} files; name fewer of them", kMostFiles));
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string hash, HashFile(env_, path));
    hash_.Add(fmt::format("{}\n{}\n", name, hash));
    return {};
  }

  std::string Finish() { return kAlgorithm + hash_.Finish(); }

 private:
  Status AddDirectory(const std::string& path, const std::string& name, int level) {
    if (level > kMostLevels) {
      return Status::InvalidArgument(fmt::format("is nested more than {} deep", kMostLevels));
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::string> entries, env_.ListDirectory(path));
    for (const std::string& entry : entries) {
      const std::string below = path + "/" + entry;
      if (!env_.FileExists(below)) continue;  // a link that leads nowhere
      FOOTHOLD_RETURN_IF_ERROR(Add(below, name + "/" + entry, level + 1));
    }
    return {};
  }

  Env& env_;
  Sha256 hash_;
  int files_ = 0;
};

}  // namespace

std::string ContentHash(std::string_view content) {
  Sha256 hash;
  hash.Add(content);
  return kAlgorithm + hash.Finish();
}

Result<std::string> HashFile(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo info, env.Inspect(path));
  if (info.kind != FileInfo::Kind::kRegular) {  // opening a FIFO would wait for its writer
    return Status::InvalidArgument(path + ": is no regular file, whose content could be compared");
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const auto file, env.OpenForRead(path));
  Sha256 hash;
  std::uint64_t left = kMostHashedBytes;
  while (left > 0) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, kHashPieceBytes));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string piece, file->Read(most));
    if (piece.empty()) break;
    hash.Add(piece);
    left -= piece.size();
  }
  const std::string text = kAlgorithm + hash.Finish();
  if (info.bytes <= kMostHashedBytes) return text;
  return fmt::format("{} of the first {} of {} bytes", text, kMostHashedBytes, info.bytes);
}

Result<std::string> HashTree(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo info, env.Inspect(path));
  if (info.kind != FileInfo::Kind::kDirectory) return HashFile(env, path);
  TreeHash tree(env);
  const Status status = tree.Add(path, "", 0);
  if (status.code() == StatusCode::kInvalidArgument) {
    return Status::InvalidArgument(fmt::format("{}: {}", path, status.message()));
  }
  FOOTHOLD_RETURN_IF_ERROR(status);
  return tree.Finish();
}

}  // namespace foothold::base
