#include "cli/common/stream_env.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/env_over_env.h"

namespace foothold::cli {
namespace {

constexpr std::string_view kDash = "-";
constexpr const char* kStandardInput = "/dev/stdin";
constexpr const char* kStandardOutput = "/dev/stdout";

using Text = std::shared_ptr<const std::string>;

/// What a stream held, from its beginning.
class KeptFile final : public InputFile {
 public:
  KeptFile(Text text, FileInfo info) : text_(std::move(text)), info_(info) {}

  Result<std::string> Read(std::size_t most) override {
    std::string piece = text_->substr(at_, most);
    at_ += piece.size();
    return piece;
  }
  Result<FileInfo> Info() override { return info_; }

 private:
  const Text text_;
  const FileInfo info_;
  std::size_t at_ = 0;
};

class StreamEnv final : public base::EnvOverEnv {
 public:
  explicit StreamEnv(Env& base) : EnvOverEnv(base) {}

  Result<std::string> ReadFile(const std::string& path, std::uint64_t most_bytes) override {
    const std::string real = Real(path);
    if (!IsStream(path, real)) return base_.ReadFile(real, most_bytes);
    FOOTHOLD_ASSIGN_OR_RETURN(const Text text, Kept(real));
    if (text->size() <= most_bytes) return *text;
    return Status::InvalidArgument(
        fmt::format("{}: holds more than {} bytes, the most that is read", path, most_bytes));
  }
  Result<std::unique_ptr<InputFile>> OpenForRead(const std::string& path) override {
    const std::string real = Real(path);
    if (!IsStream(path, real)) return base_.OpenForRead(real);
    FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo info, base_.Inspect(real));
    FOOTHOLD_ASSIGN_OR_RETURN(Text text, Kept(real));
    return std::unique_ptr<InputFile>(std::make_unique<KeptFile>(std::move(text), info));
  }
  Result<std::unique_ptr<AppendFile>> OpenForAppend(const std::string& path) override {
    if (path != kDash) return base_.OpenForAppend(path);
    return Status::InvalidArgument("-: is the standard input, must be a regular file");
  }
  Status WriteFileAtomically(const std::string& path, std::string_view data) override {
    return base_.WriteFileAtomically(path == kDash ? kStandardOutput : path, data);
  }
  Result<FileInfo> Inspect(const std::string& path) override { return base_.Inspect(Real(path)); }
  bool FileExists(const std::string& path) override { return base_.FileExists(Real(path)); }

 private:
  static std::string Real(const std::string& path) { return path == kDash ? kStandardInput : path; }

  /// Whether reading takes away what is read.
  bool IsStream(const std::string& path, const std::string& real) {
    const Result<FileInfo> info = base_.Inspect(real);
    if (!info.ok()) return false;
    return info->kind == FileInfo::Kind::kFifo || info->kind == FileInfo::Kind::kSocket ||
           (path == kDash && info->kind == FileInfo::Kind::kCharacterDevice);
  }

  Result<Text> Kept(const std::string& real) {
    const std::scoped_lock lock(mutex_);
    Text& text = kept_[real];
    if (text == nullptr) {
      FOOTHOLD_ASSIGN_OR_RETURN(std::string read, base_.ReadFile(real, kMostStreamBytes));
      text = std::make_shared<const std::string>(std::move(read));
    }
    return text;
  }

  std::mutex mutex_;  // guards kept_
  std::map<std::string, Text> kept_;
};

}  // namespace

std::unique_ptr<Env> MakeStreamEnv(Env& base) { return std::make_unique<StreamEnv>(base); }

}  // namespace foothold::cli
