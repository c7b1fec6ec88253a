#include "measure/device_runner.h"

#include "measure/in_process_runner.h"

namespace foothold {
namespace {

class DeviceRunner : public Runner {
 public:
  DeviceRunner(const TargetTask& task, const RunOptions& options, const DeviceRules& rules,
               int jobs, Env& env)
      : task_(task, rules, options.timeout_s, env),
        threads_(MakeInProcessRunner(task_, options, jobs, env)) {}

  std::size_t parallelism() const override { return threads_->parallelism(); }

  MeasuredBatch Measure(std::span<const Config> configs, const ShouldStop& should_stop) override {
    return threads_->Measure(configs, should_stop);
  }
  BuiltBatch Build(std::span<const Config> configs, const ShouldStop& should_stop) override {
    return threads_->Build(configs, should_stop);
  }

 private:
  DeviceTask task_;
  std::unique_ptr<Runner> threads_;
};

}  // namespace

std::unique_ptr<Runner> MakeDeviceRunner(const TargetTask& task, const RunOptions& options,
                                         const DeviceRules& rules, int jobs, Env& env) {
  return std::make_unique<DeviceRunner>(task, options, rules, jobs, env);
}

}  // namespace foothold
