#include "cli/common/log_target.h"

#include <utility>

#include "foothold/targets.h"

namespace foothold::cli {

Result<std::unique_ptr<TargetTask>> TaskFor(const RunHeader& header, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(env, header.target));
  return target->Prepare(header.workload);
}

Result<std::vector<Constraint>> KnownConstraints(const TargetTask& task, const RunHeader& header) {
  if (task.space().parameters() == header.parameters) return task.KnownConstraints();
  return Status::InvalidArgument("the target has other parameters now");
}

report::TargetFacts TargetAnswers::Ask(const RunHeader& header, const Config* best) {
  const auto [place, is_new] = answers_.try_emplace({header.target, ToJson(header.workload)});
  Answer& answer = place->second;
  if (is_new) {
    const auto found = find_(header);
    if (found.ok()) {
      answer.task = *found;
      answer.facts.peak_operations_per_second = answer.task->traits().peak_operations_per_second;
      answer.facts.roofline_seconds = answer.task->traits().roofline_seconds;
    } else {
      answer.facts.known = found.status();
    }
  }
  if (answer.task == nullptr) return answer.facts;
  answer.facts.known = KnownConstraints(*answer.task, header);
  const bool can_explain = answer.task->traits().times_are_exact && answer.facts.known.ok();
  if (best == nullptr || !can_explain || answer.explained == *best) return answer.facts;
  answer.explained = *best;
  answer.facts.explanation = answer.task->Explain(*best);
  return answer.facts;
}

}  // namespace foothold::cli
