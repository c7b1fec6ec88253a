#include "foothold/function_task.h"

#include <utility>

#include "base/check.h"
#include "core/target/program_of.h"

namespace foothold {
namespace {

class FunctionTask : public TargetTask {
 public:
  FunctionTask(const std::string& name, Space space, TunedFunction function, FunctionTimes times)
      : space_(std::move(space)),
        function_(std::move(function)),
        traits_{.times_are_exact = times == FunctionTimes::kExact,
                .candidates_can_harm_host = times != FunctionTimes::kExact} {
    workload_.name = name;
    workload_.op = Kernel{name};
  }

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  /// There is nothing to build: the program is the config.
  BuildResult Build(const Config& config) const override { return target::Built(config); }
  RunResult Run(const Program& program, const RunOptions& options) const override {
    return function_(target::ValueOf<Config>(program), options);
  }
  const TaskTraits& traits() const override { return traits_; }

 private:
  Workload workload_;
  Space space_;
  TunedFunction function_;
  TaskTraits traits_;
};

}  // namespace

std::unique_ptr<TargetTask> MakeFunctionTask(const std::string& name, Space space,
                                             TunedFunction function, FunctionTimes times) {
  FOOTHOLD_CHECK(function != nullptr, "there is no function to tune");
  return std::make_unique<FunctionTask>(name, std::move(space), std::move(function), times);
}

RunResult Took(double seconds) {
  FOOTHOLD_CHECK(seconds > 0, "a run takes more than no time");
  RunResult result;
  result.seconds = {seconds};
  return result;
}

RunResult Failed(Outcome outcome, std::string stage, std::string reason) {
  return {MakeFailure(outcome, std::move(stage), std::move(reason))};
}

Failure MakeFailure(Outcome outcome, std::string stage, std::string reason) {
  FOOTHOLD_CHECK(outcome != Outcome::kCorrect, "a correct run is no failure");
  return {outcome, std::move(stage), std::move(reason)};
}

}  // namespace foothold
