#include "measure/device_runner.h"

#include "measure/in_process_runner.h"
#include "measure/repeating_task.h"

namespace foothold::measure {
namespace {

class DeviceRunner : public Runner {
 public:
  DeviceRunner(const TargetTask& task, const RunOptions& options, const DeviceOptions& rules,
               const RepeatOptions& repeats, int jobs, Env& env)
      : options_(options),
        env_(env),
        device_(task, rules, options.timeout_s, env),
        repeating_(device_, repeats, env),
        threads_(MakeInProcessRunner(repeating_, options, jobs, env)) {}

  std::size_t parallelism() const override { return threads_->parallelism(); }

  MeasuredBatch Measure(std::span<const Config> configs, const ShouldStop& should_stop) override {
    return threads_->Measure(configs, should_stop);
  }
  BuiltBatch Build(std::span<const Config> configs, const ShouldStop& should_stop) override {
    return threads_->Build(configs, should_stop);
  }
  Result<Comparison> Compare(std::span<const Config> configs, const RepeatOptions& rules,
                             double seconds, std::uint64_t seed, const ShouldStop& should_stop,
                             const OnRound& on_round) override {
    return CompareInTurns(device_, options_, configs, rules, seconds, seed, env_, should_stop,
                          on_round);
  }
  std::vector<Demotion> TakeDemotions() override { return device_.TakeDemotions(); }
  bool HasDiagnosis() const override { return device_.HasDiagnosis(); }
  std::optional<Steadiness> steadiness() const override { return device_.steadiness(); }

 private:
  const RunOptions options_;
  Env& env_;
  DeviceTask device_;
  RepeatingTask repeating_;
  std::unique_ptr<Runner> threads_;
};

}  // namespace

std::unique_ptr<Runner> MakeDeviceRunner(const TargetTask& task, const RunOptions& options,
                                         const DeviceOptions& rules, const RepeatOptions& repeats,
                                         int jobs, Env& env) {
  return std::make_unique<DeviceRunner>(task, options, rules, repeats, jobs, env);
}

}  // namespace foothold::measure
