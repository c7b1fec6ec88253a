#include "records/ground_truth/ground_truth_file.h"

#include <fmt/core.h>

#include <limits>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "records/ground_truth/block.h"
#include "records/ground_truth/frame.h"
#include "records/ground_truth/header.h"

namespace foothold::records {
namespace {

Status Damaged(const std::string& where, std::string_view what) {
  return Status::DataLoss(
      fmt::format("{}: {}: the file is damaged; remove it and explore again", where, what));
}

/// {"verified":32}
Result<std::uint64_t> ParseEnd(std::string_view payload, const std::string& where) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, base::JsonNode::Parse(payload, where));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode verified, object.Require("verified"));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t count,
                            verified.Int64(0, std::numeric_limits<std::int64_t>::max()));
  return static_cast<std::uint64_t>(count);
}

/// Takes in the next frame of a file.
Status TakeFrame(const Frame& frame, const std::string& where, GroundTruthContents& contents) {
  const GroundTruth& exploration = contents.exploration;
  const std::uint64_t total = exploration.space().raw_size();
  if (contents.verified) return Damaged(where, "a frame follows the end");
  const std::uint64_t begin = exploration.size();
  if (frame.kind == Frame::Kind::kEnd) {
    if (frame.begin != total || frame.end != total || !exploration.complete()) {
      return Damaged(where, fmt::format("the end comes after config {} of {}", begin, total));
    }
    auto verified = ParseEnd(frame.payload, where);
    if (!verified.ok()) return Status::DataLoss(verified.status().message());
    contents.verified = *verified;
    return {};
  }
  const std::uint64_t end = begin + std::min(total - begin, exploration.header().configs_per_block);
  if (begin == end || frame.begin != begin || frame.end != end) {
    return Damaged(where, fmt::format("a block is about configs {} to {}, must be about {} to {}",
                                      frame.begin, frame.end, begin, end));
  }
  return DecodeBlock(frame.payload, end - begin, where, contents.exploration);
}

/// Whether `bytes` are what a crash can have left of the first line; anything else that has no
/// whole line is another kind of file, and must not be taken for an exploration that lost all.
Status CheckTornHeader(std::string_view bytes, const std::string& path) {
  if (BeginsAsGroundTruth(bytes)) return {};
  return Status::InvalidArgument(fmt::format(
      R"({}: is not an exploration; its first line must be {{"format":"foothold exploration",...}})",
      path));
}

}  // namespace

Result<std::optional<GroundTruthContents>> ParseGroundTruth(std::string_view bytes,
                                                            const std::string& path) {
  FOOTHOLD_RETURN_IF_ERROR(CheckTornHeader(bytes, path));
  const std::size_t line_end = bytes.find('\n');
  if (line_end == std::string_view::npos) return std::optional<GroundTruthContents>();
  FOOTHOLD_ASSIGN_OR_RETURN(GroundTruthHeader header,
                            ParseGroundTruthHeader(bytes.substr(0, line_end), path));
  auto exploration = GroundTruth::Create(std::move(header));
  if (!exploration.ok()) {
    return Status::InvalidArgument(fmt::format("{}:1: {}", path, exploration.status().message()));
  }
  GroundTruthContents contents{*std::move(exploration), line_end + 1, {}, {}};
  while (contents.intact_bytes < bytes.size()) {
    const std::string_view rest = bytes.substr(contents.intact_bytes);
    FOOTHOLD_ASSIGN_OR_RETURN(const auto decoded, DecodeFrame(rest, path, contents.intact_bytes));
    if (!decoded) {
      contents.repaired = fmt::format("{}: torn last block ({} bytes) ignored", path,
                                      base::WithThousands(static_cast<std::int64_t>(rest.size())));
      break;
    }
    const std::string where = fmt::format("{}: byte {}", path, contents.intact_bytes);
    FOOTHOLD_RETURN_IF_ERROR(TakeFrame(decoded->frame, where, contents));
    contents.intact_bytes += decoded->bytes;
  }
  return std::optional(std::move(contents));
}

Result<GroundTruth> ReadGroundTruth(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string bytes, env.ReadFile(path));
  FOOTHOLD_ASSIGN_OR_RETURN(auto contents, ParseGroundTruth(bytes, path));
  if (contents && contents->verified) return std::move(contents->exploration);
  const std::uint64_t done = contents ? contents->exploration.size() : 0;
  return Status::InvalidArgument(fmt::format(
      "{}: is not finished, it holds {} configs{}: foothold explore resumes there", path, done,
      contents ? fmt::format(" of {}", contents->exploration.space().raw_size()) : ""));
}

Result<std::unique_ptr<GroundTruthFile>> GroundTruthFile::Open(Env& env, const std::string& path,
                                                               const GroundTruthHeader& header) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<AppendFile> append, env.OpenForAppend(path));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string bytes, env.ReadFile(path));
  FOOTHOLD_ASSIGN_OR_RETURN(auto contents, ParseGroundTruth(bytes, path));
  if (!contents) {
    FOOTHOLD_ASSIGN_OR_RETURN(GroundTruth empty, GroundTruth::Create(header));
    contents = GroundTruthContents{std::move(empty), 0, {}, {}};
  }
  const std::string difference = FirstDifference(contents->exploration.header(), header);
  if (!difference.empty()) {
    return Status::InvalidArgument(fmt::format(
        "{}: holds another exploration: {}: remove the file or choose another", path, difference));
  }
  if (contents->intact_bytes < bytes.size()) {
    FOOTHOLD_RETURN_IF_ERROR(append->Truncate(contents->intact_bytes));
  }
  const bool is_new = contents->intact_bytes == 0;
  auto file = std::unique_ptr<GroundTruthFile>(
      new GroundTruthFile(path, *std::move(contents), std::move(append)));
  if (is_new) FOOTHOLD_RETURN_IF_ERROR(file->Write(ToJsonLine(header) + '\n'));
  return file;
}

GroundTruthFile::GroundTruthFile(std::string path, GroundTruthContents contents,
                                 std::unique_ptr<AppendFile> file)
    : path_(std::move(path)),
      contents_(std::move(contents)),
      file_(std::move(file)),
      saved_configs_(contents_.exploration.size()),
      saved_verdicts_(contents_.exploration.verdicts().size()) {}

Status GroundTruthFile::SaveBlock() {
  const GroundTruth& exploration = contents_.exploration;
  FOOTHOLD_CHECK(exploration.size() > saved_configs_);
  FOOTHOLD_ASSIGN_OR_RETURN(
      const std::string bytes,
      EncodeFrame({Frame::Kind::kBlock, saved_configs_, exploration.size(),
                   EncodeBlock(exploration, saved_configs_, saved_verdicts_)}));
  FOOTHOLD_RETURN_IF_ERROR(Write(bytes));
  saved_configs_ = exploration.size();
  saved_verdicts_ = exploration.verdicts().size();
  return {};
}

Status GroundTruthFile::SaveEnd(std::uint64_t verified) {
  const std::uint64_t total = exploration().space().raw_size();
  FOOTHOLD_CHECK(saved_configs_ == total && !contents_.verified);
  FOOTHOLD_ASSIGN_OR_RETURN(
      const std::string bytes,
      EncodeFrame({Frame::Kind::kEnd, total, total, base::Json{{"verified", verified}}.Dump()}));
  FOOTHOLD_RETURN_IF_ERROR(Write(bytes));
  contents_.verified = verified;
  return {};
}

Status GroundTruthFile::Write(const std::string& bytes) {
  const Status appended = file_->Append(bytes);
  if (!appended.ok()) {
    // What is there of it would be cut off by the next writer; if this cannot, so be it.
    (void)file_->Truncate(contents_.intact_bytes);
    return appended;
  }
  contents_.intact_bytes += bytes.size();
  return file_->Sync();
}

}  // namespace foothold::records
