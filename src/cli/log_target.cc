#include "cli/log_target.h"

#include <utility>

#include "foothold/targets.h"

namespace foothold::cli {

std::unique_ptr<TargetTask> TaskFor(const RunHeader& header, Env& env) {
  const auto target = MakeTarget(env, header.target);
  if (!target.ok()) return nullptr;
  auto task = (*target)->Prepare(header.workload);
  return task.ok() ? std::move(*task) : nullptr;
}

report::TargetFacts TargetAnswers::Ask(const RunHeader& header, const Config* best) {
  const auto [place, is_new] = answers_.try_emplace({header.target, ToJson(header.workload)});
  Answer& answer = place->second;
  if (is_new) {
    answer.task = find_(header);
    if (answer.task == nullptr) return {};
    answer.facts = {answer.task->PeakOperationsPerSecond(), answer.task->RooflineSeconds(), ""};
  }
  const bool can_explain = answer.task != nullptr && answer.task->TimesAreExact() &&
                           answer.task->space().parameters() == header.parameters;
  if (best == nullptr || !can_explain || answer.explained == *best) return answer.facts;
  answer.explained = *best;
  answer.facts.explanation = answer.task->ExplainJson(*best);
  return answer.facts;
}

}  // namespace foothold::cli
