#include "foothold/function_task.h"

#include <utility>

#include "base/check.h"
#include "base/json.h"

namespace foothold {
namespace {

/// There is nothing to build: the program is the config.
class FunctionProgram : public Program {
 public:
  explicit FunctionProgram(Config config) : config_(std::move(config)) {}
  const Metrics& metrics() const override { return metrics_; }
  const Config& config() const { return config_; }

 private:
  Config config_;
  Metrics metrics_;
};

class FunctionTask : public TargetTask {
 public:
  FunctionTask(const std::string& name, Space space, TunedFunction function, FunctionTimes times)
      : space_(std::move(space)),
        function_(std::move(function)),
        is_exact_(times == FunctionTimes::kExact) {
    workload_.name = name;
    workload_.op = Kernel{name};
  }

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  BuildResult Build(const Config& config) const override {
    return {std::make_unique<FunctionProgram>(config), {}};
  }
  RunResult Run(const Program& program, const RunOptions& options) const override {
    return function_(dynamic_cast<const FunctionProgram&>(program).config(), options);
  }
  bool CandidatesCanHarmHost() const override { return !is_exact_; }
  bool TimesAreExact() const override { return is_exact_; }
  std::string Explain(const Config& config) const override { return space_.ToString(config); }
  std::string ExplainJson(const Config& config) const override {
    Json json = Json::Object();
    for (const Parameter& parameter : space_.parameters()) {
      json[parameter.name] = space_.Value(config, parameter.name);
    }
    return json.Dump();
  }

 private:
  Workload workload_;
  Space space_;
  TunedFunction function_;
  bool is_exact_;
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
