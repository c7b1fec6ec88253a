#pragma once

#include <vector>

#include "foothold/record.h"

namespace foothold::records {

/// The runs of these logs, those of the same workload on the same target with the same parameters
/// and dependencies together: they answer the same question, whatever their searcher and seed. In
/// the order of each question's first run. They point into the logs.
std::vector<std::vector<const RunLog*>> RunsByQuestion(const std::vector<const LogContents*>& logs);

/// The questions about one workload on one target: the same over several versions of its sources,
/// tools or space. The newest version is the one that was last worked on.
struct Versions {
  std::vector<const RunLog*> newest;              ///< not empty
  std::vector<std::vector<const RunLog*>> older;  ///< in the order of RunsByQuestion
};

/// In the order of each one's first run.
std::vector<Versions> NewestVersions(const LogContents& log);

}  // namespace foothold::records
