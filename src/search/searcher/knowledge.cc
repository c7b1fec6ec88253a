#include <utility>

#include "base/check.h"
#include "foothold/searcher.h"

namespace foothold {

std::string_view ToString(Knowledge knowledge) {
  switch (knowledge) {
    case Knowledge::kBlind:
      return "blind";
    case Knowledge::kCompiler:
      return "compiler";
    case Knowledge::kHardware:
      return "hardware";
  }
  FOOTHOLD_CHECK(false, "unknown knowledge");
  return {};
}

Result<SearchProblem> MakeSearchProblem(const TargetTask& task, std::uint64_t seed,
                                        Knowledge knowledge) {
  const TaskTraits& traits = task.traits();
  SearchProblem problem{
      task.space(),         seed, knowledge, traits.builds_per_trial, task.workload(), {},
      traits.device_numbers};
  if (knowledge != Knowledge::kHardware) return problem;
  std::vector<Constraint> constraints = task.space().constraints();
  for (Constraint& known : task.KnownConstraints()) constraints.push_back(std::move(known));
  FOOTHOLD_ASSIGN_OR_RETURN(problem.space,
                            Space::Create(task.space().parameters(), std::move(constraints)));
  return problem;
}

}  // namespace foothold
