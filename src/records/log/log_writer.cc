#include "records/log/log_writer.h"

#include <fmt/core.h>

#include <utility>

#include "base/check.h"
#include "foothold/record.h"
#include "records/log/beside.h"
#include "records/log/log_parser.h"

namespace foothold::records {

namespace {

constexpr std::size_t kCopyPieceBytes = std::size_t{1} << 18;

/// What of a file's past differs from what its one writer did; empty when nothing does.
std::string WhatHappened(const FileInfo& open, const Result<FileInfo>& at_path,
                         std::uint64_t bytes) {
  const bool is_there = at_path.ok() && at_path->IsSameFileAs(open);
  if (!is_there && at_path.ok()) return "was replaced by another file";
  if (open.names == 0) return "was removed";
  if (!is_there) return "was renamed";
  if (open.bytes < bytes) return "was truncated";
  if (open.bytes > bytes) return "was written to by another program";
  return "";
}

}  // namespace

Result<std::unique_ptr<LogWriter>> LogWriter::Open(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<AppendFile> file, env.OpenForAppend(path));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto reading, env.OpenForRead(path));
  LogParser parser(path);
  std::string text;
  while (true) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string piece, reading->Read(kCopyPieceBytes));
    if (piece.empty()) break;
    FOOTHOLD_RETURN_IF_ERROR(parser.Feed(piece));
    text += piece;
  }
  FOOTHOLD_RETURN_IF_ERROR(parser.Finish());
  LogContents contents = parser.TakeContents();
  if (const auto damage = DescribeDamage(contents, path)) return Status::DataLoss(*damage);
  if (contents.repaired) {
    FOOTHOLD_RETURN_IF_ERROR(file->Truncate(contents.intact_bytes));
    text.resize(contents.intact_bytes);
  }
  return std::unique_ptr<LogWriter>(
      new LogWriter(env, path, std::move(contents), std::move(text), std::move(file)));
}

LogWriter::LogWriter(Env& env, std::string path, LogContents contents, std::string text,
                     std::unique_ptr<AppendFile> file)
    : env_(env),
      path_(std::move(path)),
      contents_(std::move(contents)),
      file_(std::move(file)),
      text_(std::move(text)),
      runs_(contents_.runs.size()) {}

Status LogWriter::BeginRun(const RunHeader& header) {
  FOOTHOLD_RETURN_IF_ERROR(Write(ToJsonLine(header, runs_ + 1) + '\n'));
  run_ = ++runs_;
  positions_[run_] = {0, 0, header.parameters};
  return Sync();
}

void LogWriter::ContinueRun(std::size_t index) {
  FOOTHOLD_CHECK(index < contents_.runs.size());
  const RunLog& run = contents_.runs[index];
  run_ = run.run;
  positions_[run_] = {run.trials.size(), run.builds.size(), run.header.parameters};
}

void LogWriter::SwitchTo(std::uint64_t run) {
  FOOTHOLD_CHECK(positions_.count(run) != 0, "the run was not begun or continued");
  run_ = run;
}

LogWriter::Position& LogWriter::Current() {
  FOOTHOLD_CHECK(run_ != 0, "no run was begun or continued");
  return positions_.at(run_);
}

Status LogWriter::Started(const std::vector<StartedRecord>& records) {
  const Position& position = Current();
  std::string lines;
  for (const StartedRecord& record : records) {
    lines += ToJsonLine(record, run_, position.parameters) + '\n';
  }
  const std::uint64_t size_before = text_.size();
  FOOTHOLD_RETURN_IF_ERROR(broken_);
  FOOTHOLD_RETURN_IF_ERROR(CheckFile(""));  // what has not run need not be saved
  FOOTHOLD_RETURN_IF_ERROR(Write(lines));
  size_before_started_ = size_before;
  Status synced = Sync();
  // Nothing will be run now, so nothing should be announced; if this fails too, so be it.
  if (!synced.ok()) (void)file_->Truncate(size_before);
  return synced;
}

Status LogWriter::Append(const std::vector<TrialRecord>& records,
                         const std::vector<WithdrawnRecord>& withdrawn) {
  Position& position = Current();
  std::string lines;
  std::uint64_t next = position.next_trial;
  for (const TrialRecord& record : records) {
    FOOTHOLD_CHECK(record.trial == next, "trials must be appended in order");
    ++next;
    lines += ToJsonLine(record, run_, position.parameters) + '\n';
  }
  for (const WithdrawnRecord& record : withdrawn) lines += ToJsonLine(record, run_) + '\n';
  FOOTHOLD_RETURN_IF_ERROR(Write(lines, size_before_started_.value_or(text_.size())));
  position.next_trial = next;
  return {};
}

Status LogWriter::AppendBuilds(const std::vector<BuildRecord>& records) {
  Position& position = Current();
  std::string lines;
  std::uint64_t next = position.next_build;
  for (const BuildRecord& record : records) {
    FOOTHOLD_CHECK(record.build == next, "builds must be appended in order");
    ++next;
    lines += ToJsonLine(record, run_, position.parameters) + '\n';
  }
  FOOTHOLD_RETURN_IF_ERROR(Write(lines));
  position.next_build = next;
  return {};
}

Status LogWriter::AppendDemoted(const std::vector<DemotedRecord>& records) {
  const Position& position = Current();
  std::string lines;
  for (const DemotedRecord& record : records) {
    FOOTHOLD_CHECK(record.trial < position.next_trial, "a demotion comes after its trial");
    lines += ToJsonLine(record, run_) + '\n';
  }
  FOOTHOLD_RETURN_IF_ERROR(Write(lines));
  return Sync();
}

Status LogWriter::AppendFinal(const FinalRecord& record) {
  FOOTHOLD_CHECK(record.trials <= Current().next_trial, "a final comes after its trials");
  FOOTHOLD_RETURN_IF_ERROR(Write(ToJsonLine(record, run_) + '\n'));
  return Sync();
}

Status LogWriter::Sync() {
  FOOTHOLD_RETURN_IF_ERROR(broken_);
  FOOTHOLD_RETURN_IF_ERROR(CheckFile(""));
  broken_ = file_->Sync();
  return broken_;
}

/// All of `lines`; or none of it, and the file is cut to `size_if_failed` <= its size.
Status LogWriter::Write(const std::string& lines, std::uint64_t size_if_failed) {
  FOOTHOLD_RETURN_IF_ERROR(broken_);
  FOOTHOLD_RETURN_IF_ERROR(CheckFile(lines));
  size_before_started_.reset();
  Status appended = file_->Append(lines);
  if (appended.ok()) {
    text_ += lines;
  } else if (file_->Truncate(size_if_failed).ok()) {
    text_.resize(size_if_failed);
  } else {
    broken_ = appended;
  }
  return appended;
}

/// Whether the file is still there and holds what was written to it; if not, all is saved, with
/// the lines `finished` that were to be written next.
Status LogWriter::CheckFile(const std::string& finished) {
  const Result<FileInfo> open = file_->Info();
  if (!open.ok()) return {};  // the write itself will say more
  const std::string what = WhatHappened(*open, env_.Inspect(path_), text_.size());
  if (what.empty()) return {};
  const Result<std::string> copy = SaveCopy(finished);
  broken_ = Status::IoError(
      copy.ok() ? fmt::format("{}: {} while this run wrote to it; everything measured is saved in "
                              "{}: move that to {} to resume",
                              path_, what, *copy, path_)
                : fmt::format("{}: {} while this run wrote to it, and a copy cannot be saved: {}",
                              path_, what, copy.status().message()));
  return broken_;
}

/// Beside the log, or in a directory of its own where that cannot be; where it is.
Result<std::string> LogWriter::SaveCopy(const std::string& finished) {
  const std::string text = text_ + finished;
  Result<std::string> beside = WriteBeside(env_, path_, "saved", text);
  if (beside.ok()) return beside;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string directory,
                            env_.CreateTemporaryDirectory("foothold-saved-"));
  return WriteBeside(env_, directory + "/log.jsonl", "saved", text);
}

}  // namespace foothold::records
