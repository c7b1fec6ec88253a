#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "foothold/explanation.h"
#include "foothold/record.h"
#include "foothold/space.h"
#include "foothold/status.h"

namespace foothold::report {

/// A log with the name that the report calls it by.
struct NamedLog {
  std::string name;
  const LogContents* contents = nullptr;
};

/// What a target knows about a question beside the log. Zero and empty: it does not know.
struct TargetFacts {
  double peak_operations_per_second = 0;
  double roofline_seconds = 0;
  std::optional<Explanation> explanation = {};  ///< TargetTask::Explain of the best config
  /// TargetTask::KnownConstraints, or why there are none.
  Result<std::vector<Constraint>> known = Status::NotFound("this build does not know the target");
};

/// `best` is null when nothing correct was found.
using AskTarget = std::function<TargetFacts(const RunHeader& header, const Config* best)>;

/// Which runs of a question are one group, whose median and quartiles are compared with the
/// others'.
enum class Grouping {
  kSearcher,  ///< those of the same searcher and options, whatever their seed and log
  kLog,       ///< likewise, but each log for itself
};

struct ModelOptions {
  Grouping grouping = Grouping::kSearcher;
  /// Of the model as text. Of large logs less is shown: fewer trials of each space, then no curves
  /// of single runs, at last not all questions. The model says what was left out.
  std::size_t max_bytes = 300'000;
};

/// All that the report shows, as one JSON object (docs/concepts/report.md). A function of its
/// arguments alone. Texts from the logs are in it as they are: who makes markup of them must escape
/// them. O(n log n) in the trials.
base::Json BuildModel(const std::vector<NamedLog>& logs, const AskTarget& ask,
                      const ModelOptions& options = {});

}  // namespace foothold::report
