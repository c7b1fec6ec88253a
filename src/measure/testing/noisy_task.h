#pragma once

#include <cmath>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "foothold/rng.h"
#include "foothold/target.h"
#include "process/testing/fault_env.h"

namespace foothold::measure {

/// A device whose times are not exact: config n = 0, 1, ... truly takes `true_seconds[n]`, and each
/// run that times a factor drawn by `noise`. Its runs take that long on the stopped clock of `env`.
class NoisyTask : public TargetTask {
 public:
  using Noise = std::function<double(Rng&)>;

  NoisyTask(process::FaultEnv& env, std::vector<double> true_seconds, Noise noise,
            std::uint64_t seed)
      : env_(env),
        true_seconds_(std::move(true_seconds)),
        noise_(std::move(noise)),
        rng_(seed),
        space_(MakeSpace(true_seconds_.size())) {
    workload_.name = "noisy";
  }

  mutable std::vector<std::size_t> log;             ///< configs, in the order in which they ran
  mutable std::vector<bool> verified;               ///< of each run
  std::function<RunResult(std::size_t run)> fails;  ///< by number of the run; correct: it does not

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  BuildResult Build(const Config& config) const override {
    return {std::make_unique<NoisyProgram>(config.choices[0]), {}};
  }
  RunResult Run(const Program& program, const RunOptions& options) const override {
    const std::scoped_lock lock(mutex_);
    const std::size_t n = dynamic_cast<const NoisyProgram&>(program).n;
    log.push_back(n);
    verified.push_back(options.verify);
    if (fails) {
      RunResult failure = fails(log.size() - 1);
      if (!failure.status.ok() || failure.outcome() != Outcome::kCorrect) return failure;
    }
    RunResult result;
    result.seconds = {true_seconds_[n] * noise_(rng_)};
    env_.AdvanceClocks(result.seconds[0]);
    return result;
  }

 private:
  struct NoisyProgram : Program {
    explicit NoisyProgram(std::size_t number) : n(number) {}
    const Metrics& metrics() const override { return none; }
    std::size_t n;
    Metrics none;
  };
  static Space MakeSpace(std::size_t count) {
    std::vector<std::int64_t> values;
    for (std::size_t n = 0; n < count; ++n) values.push_back(static_cast<std::int64_t>(n));
    return Space::Create({{"n", values}}).value();
  }

  process::FaultEnv& env_;
  const std::vector<double> true_seconds_;
  const Noise noise_;
  mutable std::mutex mutex_;
  mutable Rng rng_;
  Workload workload_;
  Space space_;
};

/// Kinds of noise, by their factor.
inline double NoNoise(Rng&) { return 1; }
/// Log-normal of so many per cent (Box and Muller 1958).
inline NoisyTask::Noise LogNormal(double percent) {
  return [percent](Rng& rng) {
    const double radius = std::sqrt(-2 * std::log(1 - rng.Uniform()));
    return std::exp(percent / 100 * radius * std::cos(2 * 3.14159265358979 * rng.Uniform()));
  };
}
/// That, and one run in ten is held up for up to half its time more.
inline NoisyTask::Noise Stalling(double percent) {
  return [quiet = LogNormal(percent)](Rng& rng) {
    const double held_up = rng.Below(10) == 0 ? rng.Uniform() / 2 : 0;
    return quiet(rng) * (1 + held_up);
  };
}

/// The same as LogNormal, of a machine that slows down by 5 % and recovers, over some 300 runs.
inline NoisyTask::Noise Drifting(double percent) {
  return [quiet = LogNormal(percent), runs = 0.0](Rng& rng) mutable {
    return quiet(rng) * (1 + 0.05 * std::pow(std::sin(++runs / 100), 2));
  };
}

}  // namespace foothold::measure
