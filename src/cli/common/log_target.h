#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/target.h"
#include "report/page/model.h"

namespace foothold::cli {

/// The task that a run was about. NotFound and the like when this build does not know its target:
/// the log is readable all the same.
Result<std::unique_ptr<TargetTask>> TaskFor(const RunHeader& header, Env& env);

/// What the target knows beforehand of the run's space. InvalidArgument when the space of `task`
/// has other parameters than the run's.
Result<std::vector<Constraint>> KnownConstraints(const TargetTask& task, const RunHeader& header);

/// Asks the tasks of a log's runs for what a report says beside the log. Remembers its answers, so
/// that a live view asks again only when the best config has changed. Not thread-safe.
class TargetAnswers {
 public:
  /// The task that a run was about, or why there is none.
  using FindTask =
      std::function<Result<std::shared_ptr<const TargetTask>>(const RunHeader& header)>;

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
