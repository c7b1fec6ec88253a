#include "records/log/log_parser.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.h"
#include "records/log/line_checksum.h"

namespace foothold {
namespace {

constexpr std::string_view kStart = R"({"type":"run",)";
/// From here on, damaged lines in a row are counted instead of described.
constexpr std::size_t kMostDescribed = 1000;
constexpr std::size_t kPieceBytes = std::size_t{1} << 18;

Status NotALog(const std::string& path) {
  return Status::InvalidArgument(fmt::format(
      R"({}:1: is not a record log; the first line must be a JSON object of type "run")", path));
}

/// A file that holds no more than a beginning. One too short to tell may be anything, and must not
/// be taken for a log that lost everything.
Status CheckTornStart(std::string_view torn, const std::string& path) {
  if (torn.starts_with(kStart)) return {};
  if (!kStart.starts_with(torn)) return NotALog(path);
  return Status::InvalidArgument(
      fmt::format("{}: holds {} bytes, which is too little to be told from another file; remove it "
                  "if it is a log whose writer died at once",
                  path, torn.size()));
}

}  // namespace

}  // namespace foothold

namespace foothold::records {

Status LogParser::Feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (!skips_line_ && begun_.size() + piece.size() > kMostLineBytes) {
      SettleSuspect();
      skips_line_ = true;
      taken_bytes_ += begun_.size();
      begun_ = {};
      ++lines_;
      if (contents_.runs.empty()) return NotALog(path_);
      AddDamage(fmt::format("{}:{}: is longer than {} bytes", path_, lines_, kMostLineBytes),
                false);
    }
    if (skips_line_) {
      taken_bytes_ += piece.size();
    } else if (end == std::string_view::npos || !begun_.empty()) {
      begun_.append(piece);
    }
    if (end == std::string_view::npos) return {};
    if (!skips_line_) {
      FOOTHOLD_RETURN_IF_ERROR(TakeLine(begun_.empty() ? piece : std::string_view(begun_)));
      begun_.clear();
    }
    skips_line_ = false;
    taken_bytes_ += 1;
    bytes.remove_prefix(end + 1);
  }
  return {};
}

/// Takes a line that has ended.
Status LogParser::TakeLine(std::string_view line) {
  SettleSuspect();
  ++lines_;
  taken_bytes_ += line.size();
  return ReadLine(line);
}

Status LogParser::ReadLine(std::string_view line) {
  const LineChecksum checksum = CheckLine(line);
  if (checksum == LineChecksum::kWrong) {
    AddDamage(fmt::format("{}:{}: the checksum does not match: the line is not as it was written",
                          path_, lines_),
              false);
    return {};
  }
  const auto values = static_cast<std::size_t>(std::count(line.begin(), line.end(), ','));
  if (values > kMostValues) {
    AddDamage(fmt::format("{}:{}: holds more than {} values", path_, lines_, kMostValues), false);
    return {};
  }
  const Result<base::JsonNode> node = base::JsonNode::Parse(line, path_, static_cast<int>(lines_));
  if (!node.ok()) {
    suspect_ = node.status().message();
    suspect_bytes_ = line.size() + 1;
    suspect_may_begin_a_log_ = line.starts_with(kStart);
    if (lines_ == 1 && !suspect_may_begin_a_log_) suspect_ = NotALog(path_).message();
    return {};
  }
  const Status read = reader_.Read(*node, checksum == LineChecksum::kRight);
  if (!read.ok() && reader_.saw_unknown_version()) return read;
  if (!read.ok()) AddDamage(read.message(), false);
  if (read.ok() && !reader_.misfit().empty()) AddDamage(reader_.misfit(), true);
  return {};
}

void LogParser::AddDamage(std::string problem, bool salvaged) {
  std::vector<DamagedLines>& damaged = contents_.damaged;
  if (damaged.size() >= kMostDescribed && damaged.back().last + 1 == lines_ &&
      damaged.back().salvaged == salvaged) {
    damaged.back().last = lines_;
    return;
  }
  damaged.push_back({lines_, lines_, std::move(problem), salvaged});
}

/// Something follows the line that was not JSON, so its writer had not died.
void LogParser::SettleSuspect() {
  if (!suspect_) return;
  AddDamage(*std::move(suspect_), false);
  suspect_.reset();
}

Status LogParser::Finish() {
  if (!begun_.empty()) SettleSuspect();
  const std::uint64_t torn_bytes = suspect_ ? suspect_bytes_ : begun_.size();
  if (contents_.runs.empty() && !contents_.damaged.empty()) {
    const DamagedLines& first = contents_.damaged.front();
    return Status::InvalidArgument(first.problem);
  }
  if (contents_.runs.empty() && suspect_ && !suspect_may_begin_a_log_) return NotALog(path_);
  if (contents_.runs.empty() && !begun_.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(CheckTornStart(begun_, path_));
  }
  contents_.repaired.reset();
  contents_.intact_bytes = taken_bytes_ - (suspect_ ? suspect_bytes_ : 0);
  if (torn_bytes > 0) {
    contents_.repaired = fmt::format("{}:{}: torn last line ({} bytes) ignored", path_,
                                     suspect_ ? lines_ : lines_ + 1, torn_bytes);
  }
  reader_.Finish(!contents_.damaged.empty());
  return {};
}

Status LogParser::FinishSoFar() {
  FOOTHOLD_RETURN_IF_ERROR(Finish());
  contents_.repaired.reset();
  return {};
}

}  // namespace foothold::records

namespace foothold {

std::optional<std::string> DescribeDamage(const LogContents& log, std::string_view path) {
  if (log.damaged.empty()) return std::nullopt;
  std::uint64_t others = 0;
  for (const DamagedLines& lines : log.damaged) others += lines.last - lines.first + 1;
  others -= 1;
  return fmt::format("{}{}; foothold log repair {} says what can be saved, and saves it",
                     log.damaged.front().problem,
                     others == 0
                         ? ""
                         : fmt::format("; and {} more line{} that cannot be used as {}", others,
                                       others == 1 ? "" : "s", others == 1 ? "it is" : "they are"),
                     path);
}

Result<LogContents> ParseLog(std::string_view text, std::string_view path) {
  records::LogParser parser{std::string(path)};
  FOOTHOLD_RETURN_IF_ERROR(parser.Feed(text));
  FOOTHOLD_RETURN_IF_ERROR(parser.Finish());
  return parser.TakeContents();
}

Result<LogContents> ReadLog(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto file, env.OpenForRead(path));
  records::LogParser parser(path);
  while (true) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string piece, file->Read(kPieceBytes));
    if (piece.empty()) break;
    FOOTHOLD_RETURN_IF_ERROR(parser.Feed(piece));
  }
  FOOTHOLD_RETURN_IF_ERROR(parser.Finish());
  return parser.TakeContents();
}

}  // namespace foothold
