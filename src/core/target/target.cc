#include "foothold/target.h"

#include <fmt/core.h>

#include <array>
#include <cstddef>
#include <span>

#include "base/check.h"
#include "base/statistics.h"
#include "base/text.h"
#include "core/target/dependencies.h"
#include "foothold/explanation.h"

namespace foothold {
namespace {

/// Indexed by Outcome.
constexpr std::array<std::string_view, 7> kOutcomeNames = {
    "constraints", "compile", "runtime", "timeout", "correctness", "correct", "slow"};
/// Those of T4.
constexpr std::span kT4Names = std::span(kOutcomeNames).first<6>();

Outcome OutcomeOf(const std::optional<Failure>& failure,
                  const std::optional<double>& slower_than_s) {
  if (failure) return failure->outcome;
  return slower_than_s ? Outcome::kSlow : Outcome::kCorrect;
}

}  // namespace

std::string_view ToString(Outcome outcome) {
  const auto index = static_cast<std::size_t>(outcome);
  FOOTHOLD_CHECK(index < kOutcomeNames.size());
  return kOutcomeNames[index];
}

Result<Outcome> ParseOutcome(std::string_view name) {
  for (std::size_t i = 0; i < kT4Names.size(); ++i) {
    if (kT4Names[i] == name) return static_cast<Outcome>(i);
  }
  return Status::InvalidArgument(fmt::format("unknown outcome \"{}\"; the outcomes are {}", name,
                                             base::Joined(kT4Names, ", ")));
}

const TaskTraits& TargetTask::traits() const {
  static const TaskTraits unknown;
  return unknown;
}

std::string ToString(const Failure& failure) { return failure.stage + ": " + failure.reason; }

Outcome RunResult::outcome() const { return OutcomeOf(failure, slower_than_s); }

Result<Dependencies> TargetTask::DependsOn(Env& env) const {
  return target::ProgramDependencies(env);
}

Explanation TargetTask::Explain(const Config& config) const {
  Explanation explanation;
  explanation.workload = ToString(workload());
  explanation.target = traits().target;
  explanation.config = space().ToString(config);
  explanation.index = space().IndexOf(config);
  if (const Constraint* broken = space().FirstBroken(config)) {
    explanation.failure = Failure{Outcome::kConstraints, "constraints", broken->description()};
  }
  return explanation;
}

Outcome Measurement::outcome() const { return OutcomeOf(failure, slower_than_s); }

std::vector<double> Measurement::RunSeconds() const {
  FOOTHOLD_CHECK(outcome() == Outcome::kCorrect && !seconds.empty(),
                 "only a correct measurement has a time");
  std::vector<double> of_runs;
  std::span<const double> rest = seconds;
  for (const std::size_t count : times_per_run) {
    FOOTHOLD_CHECK(count > 0 && count <= rest.size());
    of_runs.push_back(base::Median(rest.first(count)).value());
    rest = rest.subspan(count);
  }
  if (!rest.empty()) of_runs.push_back(base::Median(rest).value());
  return of_runs;
}

double Measurement::MedianSeconds() const { return base::Median(RunSeconds()).value(); }

}  // namespace foothold
