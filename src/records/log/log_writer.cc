#include <utility>

#include "base/check.h"
#include "foothold/record.h"

namespace foothold {

Result<std::unique_ptr<LogWriter>> LogWriter::Open(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<FileLock> lock, env.LockFile(path + ".lock"));
  LogContents contents;
  Result<std::string> text = env.ReadFile(path);
  if (text.ok()) {
    FOOTHOLD_ASSIGN_OR_RETURN(contents, ParseLog(*text, path));
    if (contents.repaired) {
      FOOTHOLD_RETURN_IF_ERROR(env.TruncateFile(path, contents.intact_bytes));
    }
  } else if (text.status().code() != StatusCode::kNotFound) {
    return text.status();
  }
  FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<AppendFile> file, env.OpenForAppend(path));
  return std::unique_ptr<LogWriter>(
      new LogWriter(env, path, std::move(lock), std::move(contents), std::move(file)));
}

LogWriter::LogWriter(Env& env, std::string path, std::unique_ptr<FileLock> lock,
                     LogContents contents, std::unique_ptr<AppendFile> file)
    : env_(env),
      path_(std::move(path)),
      lock_(std::move(lock)),
      contents_(std::move(contents)),
      file_(std::move(file)),
      size_(contents_.intact_bytes),
      runs_(contents_.runs.size()) {}

Status LogWriter::BeginRun(const RunHeader& header) {
  FOOTHOLD_RETURN_IF_ERROR(Write(ToJsonLine(header, runs_ + 1) + '\n'));
  run_ = ++runs_;
  next_trial_ = 0;
  next_build_ = 0;
  parameters_ = header.parameters;
  return Sync();
}

void LogWriter::ContinueRun(std::size_t index) {
  FOOTHOLD_CHECK(index < contents_.runs.size());
  const RunLog& run = contents_.runs[index];
  run_ = run.run;
  next_trial_ = run.trials.size();
  next_build_ = run.builds.size();
  parameters_ = run.header.parameters;
}

Status LogWriter::Started(const std::vector<StartedRecord>& records) {
  FOOTHOLD_CHECK(run_ != 0, "no run was begun or continued");
  std::string lines;
  for (const StartedRecord& record : records) {
    lines += ToJsonLine(record, run_, parameters_) + '\n';
  }
  const std::uint64_t size_before = size_;
  FOOTHOLD_RETURN_IF_ERROR(Write(lines));
  size_before_started_ = size_before;
  Status synced = Sync();
  // Nothing will be run now, so nothing should be announced; if this fails too, so be it.
  if (!synced.ok()) (void)env_.TruncateFile(path_, size_before);
  return synced;
}

Status LogWriter::Append(const std::vector<TrialRecord>& records,
                         const std::vector<WithdrawnRecord>& withdrawn) {
  FOOTHOLD_CHECK(run_ != 0, "no run was begun or continued");
  std::string lines;
  std::uint64_t next = next_trial_;
  for (const TrialRecord& record : records) {
    FOOTHOLD_CHECK(record.trial == next, "trials must be appended in order");
    ++next;
    lines += ToJsonLine(record, run_, parameters_) + '\n';
  }
  for (const WithdrawnRecord& record : withdrawn) lines += ToJsonLine(record, run_) + '\n';
  FOOTHOLD_RETURN_IF_ERROR(Write(lines, size_before_started_.value_or(size_)));
  next_trial_ = next;
  return {};
}

Status LogWriter::AppendBuilds(const std::vector<BuildRecord>& records) {
  FOOTHOLD_CHECK(run_ != 0, "no run was begun or continued");
  std::string lines;
  std::uint64_t next = next_build_;
  for (const BuildRecord& record : records) {
    FOOTHOLD_CHECK(record.build == next, "builds must be appended in order");
    ++next;
    lines += ToJsonLine(record, run_, parameters_) + '\n';
  }
  FOOTHOLD_RETURN_IF_ERROR(Write(lines));
  next_build_ = next;
  return {};
}

Status LogWriter::AppendFinal(const FinalRecord& record) {
  FOOTHOLD_CHECK(run_ != 0, "no run was begun or continued");
  FOOTHOLD_CHECK(record.trials <= next_trial_, "a final comes after its trials");
  FOOTHOLD_RETURN_IF_ERROR(Write(ToJsonLine(record, run_) + '\n'));
  return Sync();
}

Status LogWriter::Sync() {
  FOOTHOLD_RETURN_IF_ERROR(broken_);
  broken_ = file_->Sync();
  return broken_;
}

/// All of `lines`; or none of it, and the file is cut to `size_if_failed` <= `size_`.
Status LogWriter::Write(const std::string& lines, std::uint64_t size_if_failed) {
  FOOTHOLD_RETURN_IF_ERROR(broken_);
  size_before_started_.reset();
  Status appended = file_->Append(lines);
  if (appended.ok()) {
    size_ += lines.size();
  } else if (env_.TruncateFile(path_, size_if_failed).ok()) {
    size_ = size_if_failed;
  } else {
    broken_ = appended;
  }
  return appended;
}

}  // namespace foothold
