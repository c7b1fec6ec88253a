#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "report/page/curve.h"
#include "report/page/failure_counts.h"
#include "report/page/model.h"
#include "report/page/ranking.h"
#include "report/rules/rules_report.h"

namespace foothold::report {

/// A run among those of the report.
struct ListedRun {
  const RunLog* run = nullptr;
  std::size_t log = 0;  ///< which of the report's logs it is from
  std::size_t id = 0;   ///< its place in the model's list of runs
  RunCurve curve = {};
};

/// Runs that are compared as one: their searcher and options are the same.
struct RunGroup {
  std::string name;
  std::vector<const ListedRun*> runs;
};

/// Runs of one workload on one target with one space, and what the report says about them.
struct Question {
  std::vector<ListedRun> runs;
  std::vector<RankedTrial> ranked;
  std::vector<FailureCount> failures;
  TargetFacts facts;
  RulesReport rules;
  std::string version;  ///< what tells it from another version of it; empty: there is no other

  const RunHeader& header() const { return runs.front().run->header; }
};

/// How much of a question is shown.
struct Detail {
  std::size_t trials = 0;    ///< of its space
  std::size_t groups = 1;    ///< at most
  std::size_t curves = 0;    ///< of single runs in each group
  std::size_t points = 2;    ///< of a band; >= 2
  std::size_t best = 1;      ///< configs in the table
  std::size_t failures = 0;  ///< kinds in the table
  std::size_t rules = 0;     ///< learned, and as many known ones
  bool explanation = false;  ///< of the best config
};

/// The groups in the order of their first runs. Their names tell them apart.
std::vector<RunGroup> GroupRuns(const Question& question, const std::vector<NamedLog>& logs,
                                Grouping grouping);

base::Json QuestionJson(const Question& question, const std::vector<RunGroup>& groups,
                        const Detail& detail);

/// Counts by outcome, those that occurred.
base::Json OutcomesJson(const std::vector<const RunLog*>& runs);

base::Json CostsJson(const TierCosts& costs);

}  // namespace foothold::report
