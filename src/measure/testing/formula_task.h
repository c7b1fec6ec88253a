#pragma once

#include <fmt/core.h>

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "foothold/target.h"

namespace foothold::measure {

/// A target that is a formula: every outcome occurs, times are exact, and the same config always
/// gives the same measurement. 1,920 configs, of which one constraint excludes 96.
class FormulaTask : public TargetTask {
 public:
  explicit FormulaTask(bool can_harm_host = false)
      : space_(MakeSpace()),
        traits_{.target = "formula",
                .times_are_exact = true,
                .candidates_can_harm_host = can_harm_host,
                .peak_operations_per_second = 4e6,
                .roofline_seconds = 1e-6} {
    workload_.name = "formula";
  }

  /// Called at the start of each run, from the runner's threads: to move a clock, raise a flag,
  /// throw.
  std::function<void(const Config&)> on_run;
  std::function<void(const Config&)> on_build;
  Dependencies dependencies = {{"formula", "1"}};

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  const TaskTraits& traits() const override { return traits_; }
  Result<Dependencies> DependsOn(Env&) const override { return dependencies; }

  BuildResult Build(const Config& config) const override {
    if (on_build) on_build(config);
    const std::int64_t area = space_.Value(config, "x") * space_.Value(config, "y");
    if (area > 40) {
      return {nullptr,
              Failure{Outcome::kCompile, "formula.area", fmt::format("area {} exceeds 40", area)}};
    }
    return {std::make_unique<FormulaProgram>(config, static_cast<double>(area)), {}};
  }

  RunResult Run(const Program& program, const RunOptions& options) const override {
    const Config& config = dynamic_cast<const FormulaProgram&>(program).config();
    if (on_run) on_run(config);
    const std::int64_t z = space_.Value(config, "z");
    const std::int64_t w = space_.Value(config, "w");
    RunResult result;
    if (z % 5 == 4) return Fail(Outcome::kRuntime, "formula.run", "z leaves 4 when divided by 5");
    const double seconds = Seconds(config);
    if (seconds > options.timeout_s) return Fail(Outcome::kTimeout, "formula.run", "too slow");
    if (options.verify && (z + w) % 4 == 0) {
      return Fail(Outcome::kCorrectness, "verify", "z + w is a multiple of 4");
    }
    result.seconds = {seconds * 0.75, seconds * 1.25};
    result.metrics["cycles"] = std::round(seconds * 1e9);
    return result;
  }

  /// The time of a config, were it correct; a bowl with ties, at its bottom too.
  double Seconds(const Config& config) const {
    const double x = static_cast<double>(space_.Value(config, "x")) - 5;
    const double y = static_cast<double>(space_.Value(config, "y")) - 4;
    const double z = static_cast<double>(space_.Value(config, "z")) - 5.5;
    return 1e-6 * (4 + x * x + y * y + std::abs(z));
  }

 private:
  class FormulaProgram : public Program {
   public:
    FormulaProgram(Config config, double area)
        : config_(std::move(config)), metrics_{{"area", area}} {}
    const Metrics& metrics() const override { return metrics_; }
    const Config& config() const { return config_; }

   private:
    Config config_;
    Metrics metrics_;
  };

  static RunResult Fail(Outcome outcome, const char* stage, const char* reason) {
    return {Failure{outcome, stage, reason}};
  }

  static Space MakeSpace() {
    const auto up_to = [](std::int64_t n) {
      std::vector<std::int64_t> values;
      for (std::int64_t value = 1; value <= n; ++value) values.push_back(value);
      return values;
    };
    return Space::Create({{"x", up_to(10)}, {"y", up_to(8)}, {"z", up_to(12)}, {"w", {1, 2}}},
                         {Constraint::Where("x + w is at least 3", {"x", "w"},
                                            [](auto v) { return v[0] + v[1] >= 3; })})
        .value();
  }

  Workload workload_;
  Space space_;
  TaskTraits traits_;
};

}  // namespace foothold::measure
