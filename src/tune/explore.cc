// Measures every config of a space, block by block. What became of the configs is written in index
// order, so the file does not depend on the runner's threads.
#include "foothold/explore.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>
#include <vector>

#include "foothold/rng.h"
#include "foothold/version.h"
#include "measure/in_process_runner.h"
#include "records/ground_truth/ground_truth.h"
#include "records/ground_truth/ground_truth_file.h"
#include "tune/explore_options.h"

namespace foothold {
namespace {

/// An exploration is kept in memory, a byte per config.
constexpr std::uint64_t kMaxConfigs = 1'000'000'000;
/// Which configs are verified must not depend on luck.
constexpr std::uint64_t kSampleSeed = 1;

/// What became of one config.
struct Explored {
  records::Verdict verdict;
  std::vector<double> values;
};

void AppendMetrics(const Metrics& metrics, std::vector<std::string>& names,
                   std::vector<double>& values) {
  for (const auto& [name, value] : metrics) {
    names.push_back(name);
    values.push_back(value);
  }
}

/// The metrics of a run: those of the trial that its build did not give.
Metrics RunMetrics(const Measurement& measurement, const BuildReport& build) {
  Metrics metrics;
  for (const auto& [name, value] : measurement.metrics) {
    const auto built = build.metrics.find(name);
    if (built == build.metrics.end() || built->second != value) metrics[name] = value;
  }
  return metrics;
}

Explored ToExplored(const Measurement& measurement, const BuildReport& build) {
  Explored explored;
  records::Verdict& verdict = explored.verdict;
  verdict = {measurement.outcome(),
             measurement.failure ? measurement.failure->stage : "",
             build.ok(),
             {},
             {}};
  if (verdict.outcome == Outcome::kCorrect) explored.values.push_back(measurement.MedianSeconds());
  if (!verdict.built) return explored;
  AppendMetrics(build.metrics, verdict.program_metrics, explored.values);
  AppendMetrics(RunMetrics(measurement, build), verdict.run_metrics, explored.values);
  return explored;
}

records::GroundTruthHeader Describe(const TargetTask& task, const std::string& target_name,
                                    const ExploreOptions& options) {
  records::GroundTruthHeader header;
  header.foothold_version = FOOTHOLD_VERSION;
  header.target = target_name;
  header.workload = task.workload();
  header.parameters = task.space().parameters();
  header.timeout_s = options.timeout_s;
  header.peak_operations_per_second = task.traits().peak_operations_per_second;
  header.roofline_seconds = task.traits().roofline_seconds;
  header.configs_per_block = options.configs_per_block;
  return header;
}

/// One session of an exploration.
class ExploreSession {
 public:
  ExploreSession(const TargetTask& task, const ExploreOptions& options, Env& env,
                 const std::function<void(const ExploreProgress&)>& on_progress,
                 const std::atomic<bool>& interrupt, std::unique_ptr<records::GroundTruthFile> file,
                 double start_s)
      : task_(task),
        options_(options),
        env_(env),
        on_progress_(on_progress),
        interrupt_(interrupt),
        file_(std::move(file)),
        start_s_(start_s) {
    result_.repaired = file_->repaired();
    result_.progress.resumed = file_->exploration().size();
    result_.progress.total = task.space().raw_size();
  }

  Result<ExploreResult> Run();

 private:
  /// Results of [0, count), fewer when interrupted.
  Result<std::vector<Explored>> ExploreAll(std::size_t count,
                                           const std::function<std::uint64_t(std::size_t)>& index,
                                           bool verify);
  /// False when interrupted.
  Result<bool> ExploreBlock();
  Result<bool> VerifySample();
  std::vector<std::uint64_t> Sample() const;
  Status Compare(std::uint64_t index, const Explored& verified) const;
  void ReportProgress();

  const TargetTask& task_;
  const ExploreOptions& options_;
  Env& env_;
  const std::function<void(const ExploreProgress&)>& on_progress_;
  const std::atomic<bool>& interrupt_;
  std::unique_ptr<records::GroundTruthFile> file_;
  const double start_s_;
  ExploreResult result_;
};

Result<ExploreResult> ExploreSession::Run() {
  bool going = true;
  while (going && !file_->exploration().complete()) {
    FOOTHOLD_ASSIGN_OR_RETURN(going, ExploreBlock());
    if (going) ReportProgress();
  }
  if (going && !file_->verified()) {
    FOOTHOLD_ASSIGN_OR_RETURN(going, VerifySample());
  }
  result_.finished = file_->verified().has_value();
  result_.verified = file_->verified().value_or(0);
  ReportProgress();
  return result_;
}

Result<std::vector<Explored>> ExploreSession::ExploreAll(
    std::size_t count, const std::function<std::uint64_t(std::size_t)>& index, bool verify) {
  std::vector<Config> configs;
  for (std::size_t i = 0; i < count; ++i) configs.push_back(task_.space().AtIndex(index(i)));
  const auto runner =
      measure::MakeInProcessRunner(task_, {options_.timeout_s, verify}, options_.jobs, env_);
  const measure::MeasuredBatch batch =
      runner->Measure(configs, [this] { return interrupt_.load(); });
  FOOTHOLD_RETURN_IF_ERROR(batch.status);
  std::vector<Explored> all;
  for (std::size_t i = 0; i < batch.measurements.size(); ++i) {
    all.push_back(ToExplored(batch.measurements[i], batch.builds[i]));
  }
  return all;
}

Result<bool> ExploreSession::ExploreBlock() {
  const std::uint64_t begin = file_->exploration().size();
  const std::uint64_t count =
      std::min(file_->exploration().header().configs_per_block, result_.progress.total - begin);
  FOOTHOLD_ASSIGN_OR_RETURN(const auto block,
                            ExploreAll(
                                count, [&](std::size_t i) { return begin + i; }, false));
  if (block.size() < count) return false;
  for (const Explored& explored : block) {
    FOOTHOLD_RETURN_IF_ERROR(file_->Add(explored.verdict, explored.values));
  }
  FOOTHOLD_RETURN_IF_ERROR(file_->SaveBlock());
  return true;
}

std::vector<std::uint64_t> ExploreSession::Sample() const {
  std::vector<std::uint64_t> indices = file_->exploration().ValidIndices();
  const std::size_t count = std::min(options_.verify_sample, indices.size());
  Rng rng(kSampleSeed);
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(indices[i], indices[i + rng.Below(indices.size() - i)]);
  }
  indices.resize(count);
  return indices;
}

Result<bool> ExploreSession::VerifySample() {
  const std::vector<std::uint64_t> sample = Sample();
  FOOTHOLD_ASSIGN_OR_RETURN(const auto verified,
                            ExploreAll(
                                sample.size(), [&](std::size_t i) { return sample[i]; }, true));
  if (verified.size() < sample.size()) return false;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    FOOTHOLD_RETURN_IF_ERROR(Compare(sample[i], verified[i]));
  }
  FOOTHOLD_RETURN_IF_ERROR(file_->SaveEnd(sample.size()));
  return true;
}

/// What is recorded without data must hold with it.
Status ExploreSession::Compare(std::uint64_t index, const Explored& verified) const {
  const records::GroundTruth& recorded = file_->exploration();
  std::string what;
  if (verified.verdict.outcome != Outcome::kCorrect) {
    what =
        fmt::format("ends as {} at {}", ToString(verified.verdict.outcome), verified.verdict.stage);
  } else if (verified.values.front() != recorded.seconds(index)) {
    what = fmt::format("takes {} s, recorded are {} s", verified.values.front(),
                       *recorded.seconds(index));
  } else {
    return {};
  }
  return Status::DataLoss(
      fmt::format("{}: is untrue: config index={}, recorded as correct, {} when its output is "
                  "compared with the "
                  "reference: remove the file and explore again",
                  file_->path(), index, what));
}

void ExploreSession::ReportProgress() {
  ExploreProgress& progress = result_.progress;
  const records::GroundTruth& exploration = file_->exploration();
  progress.done = exploration.size();
  progress.outcomes = exploration.outcomes();
  progress.best_seconds = exploration.best_seconds();
  progress.elapsed_s = env_.MonotonicSeconds() - start_s_;
  const auto explored = static_cast<double>(progress.done - progress.resumed);
  const auto left = static_cast<double>(progress.total - progress.done);
  progress.left_s.reset();
  if (explored > 0) progress.left_s = progress.elapsed_s / explored * left;
  on_progress_(progress);
}

Status CheckSize(const TargetTask& task) {
  if (task.space().raw_size() <= kMaxConfigs) return {};
  return Status::InvalidArgument(fmt::format("{} has {} configs, an exploration takes at most {}",
                                             task.workload().name, task.space().raw_size(),
                                             kMaxConfigs));
}

}  // namespace

std::string GroundTruthFileName(const Workload& workload, const std::string& target_name) {
  std::string name = workload.name + "@" + target_name;
  for (char& c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' ||
                       c == '-' || c == '@';
    if (!plain) c = '-';
  }
  return name + ".explored";
}

std::uint64_t ExploreProgress::valid() const {
  const auto correct = outcomes.find(Outcome::kCorrect);
  return correct == outcomes.end() ? 0 : correct->second;
}

Result<ExploreResult> Explore(const TargetTask& task, const std::string& target_name,
                              const std::string& path, const ExploreOptions& options, Env& env,
                              const std::function<void(const ExploreProgress&)>& on_progress,
                              const std::atomic<bool>& interrupt) {
  const double start_s = env.MonotonicSeconds();
  FOOTHOLD_RETURN_IF_ERROR(tune::Validate(options));
  FOOTHOLD_RETURN_IF_ERROR(CheckSize(task));
  FOOTHOLD_ASSIGN_OR_RETURN(
      auto file, records::GroundTruthFile::Open(env, path, Describe(task, target_name, options)));
  return ExploreSession(task, options, env, on_progress, interrupt, std::move(file), start_s).Run();
}

}  // namespace foothold
