#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/common/log_target.h"
#include "foothold/env.h"
#include "foothold/status.h"
#include "records/log/log_parser.h"
#include "report/live/background_text.h"
#include "report/live/page_server.h"

namespace foothold::cli {

/// A record log that somebody appends to. Not thread-safe.
class GrowingLog {
 public:
  /// `env` must outlive it.
  GrowingLog(Env& env, std::string path) : env_(env), path_(std::move(path)) {}

  /// What the log holds by now: reads what was appended since, or all when it is another file. No
  /// log is a run that has not begun; a last line that is not whole is being written. Valid until
  /// the next call.
  const LogContents& Read();

 private:
  Status ReadOn();
  bool IsStillTheFile();

  Env& env_;
  std::string path_;
  std::unique_ptr<InputFile> file_;  // null: nothing was read yet
  std::unique_ptr<records::LogParser> parser_;
  std::uint64_t bytes_ = 0;  // read of it
  LogContents unreadable_;   // what is said instead
};

/// The report of a log that grows, served while this lives. It reads the file as anybody else
/// would, in a thread of its own and only what is new, and shares nothing with the tuner that
/// writes it. Who asks gets the newest report that there is, at once.
class LiveView {
 public:
  /// `address` is the text of --serve. Runs on `target` of the workloads of `tasks` are explained;
  /// others in the log are shown without their target's help. `env` and `tasks` must outlive the
  /// view.
  static Result<std::unique_ptr<LiveView>> Start(
      const std::string& address, const std::string& log, const std::string& target,
      const std::vector<std::unique_ptr<TargetTask>>& tasks, Env& env);

  std::string url() const { return server_->url(); }

 private:
  LiveView(std::string log, TargetAnswers::FindTask find, Env& env);
  std::string Model();

  std::string log_;
  Env& env_;
  TargetAnswers answers_;  // used, as is the log, in the text's thread only
  GrowingLog growing_;
  live::BackgroundText text_;
  std::unique_ptr<live::PageServer> server_;  // the first to go
};

}  // namespace foothold::cli
