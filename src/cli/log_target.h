#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/target.h"
#include "report/model.h"

namespace foothold::cli {

/// The task that a run was about. Null when this build does not know its target: the log is
/// readable all the same.
std::unique_ptr<TargetTask> TaskFor(const RunHeader& header, Env& env);

/// Asks the tasks of a log's runs for what a report says beside the log. Remembers its answers, so
/// that a live view asks again only when the best config has changed. Not thread-safe.
class TargetAnswers {
 public:
  /// The task that a run was about; null: nobody knows.
  using FindTask = std::function<std::shared_ptr<const TargetTask>(const RunHeader& header)>;

  explicit TargetAnswers(FindTask find) : find_(std::move(find)) {}

  /// The explanation is empty for targets whose times are measured: explaining must not touch a
  /// device that may be at work.
  report::TargetFacts Ask(const RunHeader& header, const Config* best);

 private:
  struct Answer {
    std::shared_ptr<const TargetTask> task;
    std::optional<Config> explained;
    report::TargetFacts facts;
  };

  FindTask find_;
  std::map<std::pair<std::string, std::string>, Answer> answers_;  // by target and workload
};

}  // namespace foothold::cli
