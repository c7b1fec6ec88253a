#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/common/log_target.h"
#include "foothold/env.h"
#include "foothold/status.h"
#include "report/live/paced_text.h"
#include "report/live/page_server.h"

namespace foothold::cli {

/// The report of a log that grows, served while this lives. It reads the file as anybody else
/// would, in a thread of its own, and shares nothing with the tuner that writes it.
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
  TargetAnswers answers_;  // used, as is the text, in the server's thread only
  live::PacedText text_;
  std::unique_ptr<live::PageServer> server_;  // the first to go
};

}  // namespace foothold::cli
