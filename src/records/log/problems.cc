#include "records/log/problems.h"

#include <algorithm>

namespace foothold {
namespace {

bool SameQuestion(const RunHeader& a, const RunHeader& b) {
  return a.target == b.target && a.workload == b.workload && a.parameters == b.parameters;
}

void Add(const RunLog& run, std::vector<std::vector<const RunLog*>>& questions) {
  auto question = std::find_if(questions.begin(), questions.end(), [&](const auto& runs) {
    return SameQuestion(runs.front()->header, run.header);
  });
  if (question == questions.end()) {
    question = questions.insert(questions.end(), std::vector<const RunLog*>());
  }
  question->push_back(&run);
}

}  // namespace

std::vector<std::vector<const RunLog*>> RunsByQuestion(
    const std::vector<const LogContents*>& logs) {
  std::vector<std::vector<const RunLog*>> questions;
  for (const LogContents* contents : logs) {
    for (const RunLog& run : contents->runs) Add(run, questions);
  }
  return questions;
}

}  // namespace foothold
