#pragma once

#include <atomic>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "foothold/target.h"

namespace foothold::studies {

/// How many values the two parameters have, and the product above which nothing builds.
struct ToySize {
  std::int64_t a = 6;
  std::int64_t b = 5;
  std::int64_t area = 12;
};

/// By default 30 configs: a = 1..6, b = 1..5. A product above 12 does not build (12 configs), b = 5
/// times out where it builds (2), and the rest takes a + |b - 3| milliseconds: the optimum is
/// a = 1, b = 3.
class ToyTask : public TargetTask {
 public:
  explicit ToyTask(Workload workload, ToySize size = {})
      : workload_(std::move(workload)),
        area_(size.area),
        space_(Space::Create({{"a", UpTo(size.a)}, {"b", UpTo(size.b)}}).value()) {}

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  std::vector<Constraint> KnownConstraints() const override {
    return {Constraint::ProductAtMost("area", {"a", "b"}, 1, area_)};
  }
  BuildResult Build(const Config& config) const override {
    ++builds();
    const double area = A(config) * B(config);
    if (area > static_cast<double>(area_))
      return {nullptr, Failure{Outcome::kCompile, "toy.area", "too large"}};
    return {std::make_unique<ToyProgram>(config, Metrics{{"area", area}}), {}};
  }
  RunResult Run(const Program& program, const RunOptions&) const override {
    const Config& config = dynamic_cast<const ToyProgram&>(program).config();
    if (B(config) == 5) return {Failure{Outcome::kTimeout, "toy.slow", "too slow"}};
    RunResult result;
    result.seconds = {1e-3 * (A(config) + std::abs(B(config) - 3))};
    return result;
  }
  const TaskTraits& traits() const override { return traits_; }

  /// How often any toy was built.
  static std::atomic<int>& builds() {
    static std::atomic<int> count = 0;
    return count;
  }

 private:
  class ToyProgram : public Program {
   public:
    ToyProgram(Config config, Metrics metrics)
        : config_(std::move(config)), metrics_(std::move(metrics)) {}
    const Metrics& metrics() const override { return metrics_; }
    const Config& config() const { return config_; }

   private:
    Config config_;
    Metrics metrics_;
  };

  static std::vector<std::int64_t> UpTo(std::int64_t last) {
    std::vector<std::int64_t> values;
    for (std::int64_t value = 1; value <= last; ++value) values.push_back(value);
    return values;
  }
  double A(const Config& config) const { return static_cast<double>(space_.Value(config, "a")); }
  double B(const Config& config) const { return static_cast<double>(space_.Value(config, "b")); }

  Workload workload_;
  std::int64_t area_;
  Space space_;
  TaskTraits traits_{
      .times_are_exact = true, .candidates_can_harm_host = false, .builds_per_trial = 64};
};

class ToyTarget : public Target {
 public:
  std::string name() const override { return "toy"; }
  std::string description() const override { return "a formula"; }
  Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const override {
    return std::unique_ptr<TargetTask>(std::make_unique<ToyTask>(workload));
  }
};

inline Workload ToyWorkload(const std::string& name) {
  Workload workload;
  workload.name = name;
  return workload;
}

}  // namespace foothold::studies
