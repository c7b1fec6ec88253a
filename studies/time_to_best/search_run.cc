#include "studies/time_to_best/search_run.h"

#include <algorithm>

#include "base/check.h"
#include "base/cpu_time.h"

namespace foothold {
namespace {

Failure FailureOf(const Verdict& verdict) {
  return {verdict.outcome, verdict.stage, "", verdict.autotvm_error};
}

BuildReport BuildOf(const Exploration& truth, const Config& config, double seconds) {
  const std::uint64_t index = truth.space().IndexOf(config);
  const Verdict& verdict = truth.verdict(index);
  BuildReport report;
  report.config = config;
  report.seconds = seconds;
  if (!verdict.built) {
    report.failure = FailureOf(verdict);
  } else {
    report.metrics = truth.program_metrics(index);
  }
  return report;
}

double CostOf(const Verdict& verdict, const StageCosts& costs) {
  if (verdict.outcome == Outcome::kTimeout) return costs.timeout_s;
  return verdict.built ? costs.run_s : costs.failing_compile_s;
}

Measurement MeasurementOf(const Exploration& truth, const Config& config, const StageCosts& costs) {
  const std::uint64_t index = truth.space().IndexOf(config);
  const Verdict& verdict = truth.verdict(index);
  Measurement measurement;
  measurement.config = config;
  measurement.outcome = verdict.outcome;
  measurement.stage = verdict.stage;
  measurement.autotvm_error = verdict.autotvm_error;
  (verdict.built ? measurement.run_seconds : measurement.build_seconds) = CostOf(verdict, costs);
  if (verdict.built) measurement.metrics = truth.program_metrics(index);
  if (verdict.outcome == Outcome::kCorrect) measurement.seconds = {*truth.seconds(index)};
  return measurement;
}

class Session {
 public:
  Session(Searcher& searcher, const Exploration& truth, const SearchRunOptions& options)
      : searcher_(searcher), truth_(truth), options_(options) {}

  void Build();
  bool Measure();
  bool done() const { return run_.steps.size() >= options_.budget; }
  SearchRun Take() { return std::move(run_); }

 private:
  /// Charges the searcher for what it does.
  class Charge {
   public:
    explicit Charge(Session& session) : session_(session), start_(ThreadCpuSeconds()) {}
    ~Charge() {
      const double seconds = ThreadCpuSeconds() - start_;
      session_.run_.search_s += seconds;
      session_.at_s_ += seconds;
    }
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;

   private:
    Session& session_;
    double start_;
  };
  template <typename Call>
  auto Timed(const Call& call) {
    const Charge charge(*this);
    return call();
  }

  Searcher& searcher_;
  const Exploration& truth_;
  const SearchRunOptions& options_;
  SearchRun run_;
  double at_s_ = 0;
  std::uint64_t builds_ = 0;
};

void Session::Build() {
  for (;;) {
    const std::vector<Config> configs = Timed([&] { return searcher_.ProposeBuilds(); });
    if (configs.empty()) return;
    std::vector<BuildReport> reports;
    for (const Config& config : configs) {
      reports.push_back(BuildOf(truth_, config, options_.build_s));
      at_s_ += options_.build_s;
    }
    builds_ += configs.size();
    Timed([&] { searcher_.ObserveBuilds(reports); });
  }
}

/// False when there is nothing left to try.
bool Session::Measure() {
  if (!run_.concluded && !Timed([&] { return searcher_.Conclusion(); }).empty()) {
    run_.concluded = run_.steps.size();
  }
  const std::size_t left = options_.budget - run_.steps.size();
  const std::size_t count = std::min(options_.batch_size, left);
  const std::vector<Config> configs = Timed([&] { return searcher_.Propose(count); });
  std::vector<Measurement> measurements;
  for (const Config& config : configs) {
    const Measurement& measurement =
        measurements.emplace_back(MeasurementOf(truth_, config, options_.costs));
    at_s_ += measurement.build_seconds + measurement.run_seconds;
    const bool correct = measurement.outcome == Outcome::kCorrect;
    run_.steps.push_back({measurement.outcome, correct ? measurement.MedianSeconds() : 0, at_s_,
                          builds_, searcher_.ProbabilityValid(config)});
  }
  Timed([&] { searcher_.Observe(measurements); });
  return !configs.empty();
}

}  // namespace

SearchRun RunSearch(Searcher& searcher, Knowledge knowledge, const Exploration& truth,
                    const SearchRunOptions& options) {
  FOOTHOLD_CHECK(truth.complete() && options.batch_size > 0);
  Session session(searcher, truth, options);
  while (!session.done()) {
    if (knowledge != Knowledge::kBlind) session.Build();
    if (!session.Measure()) break;
  }
  return session.Take();
}

}  // namespace foothold
