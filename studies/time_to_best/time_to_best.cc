#include "studies/time_to_best/time_to_best.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/parallel.h"
#include "studies/time_to_best/warm_start.h"

namespace foothold::studies {
namespace {

/// Points from `first` to `last`, at least a tenth apart.
std::vector<double> Geometric(double first, double last, bool whole) {
  std::vector<double> points;
  for (double point = first; point < last; point *= 1.1) {
    const double rounded = whole ? std::round(point) : point;
    if (rounded < last && (points.empty() || rounded > points.back())) points.push_back(rounded);
  }
  points.push_back(last);
  return points;
}

/// optimum / best so far at each checkpoint; `at` gives a step's place on the checkpoints' axis.
template <typename At>
std::vector<float> SpeedCurve(const SearchRun& run, double optimum,
                              const std::vector<double>& checkpoints, const At& at) {
  std::vector<float> curve;
  std::size_t next = 0;
  double best = 0;
  for (const double checkpoint : checkpoints) {
    for (; next < run.steps.size() && at(next) <= checkpoint; ++next) {
      const RunStep& step = run.steps[next];
      if (step.outcome != Outcome::kCorrect) continue;
      best = best > 0 ? std::min(best, step.seconds) : step.seconds;
    }
    curve.push_back(best > 0 ? static_cast<float>(optimum / best) : 0);
  }
  return curve;
}

/// One run to be done: where its summary goes.
struct Job {
  const std::string* target = nullptr;
  const BenchmarkTask* task = nullptr;
  const Entrant* entrant = nullptr;
  Knowledge knowledge = Knowledge::kBlind;
  std::uint64_t seed = 0;
  RunSummary* summary = nullptr;
};

/// By mode and seed; where there are entrants that start warm.
using Histories = std::map<std::pair<Knowledge, std::uint64_t>, History>;

Status RunJob(const Job& job, const Histories& histories, const TimeToBestOptions& options) {
  FOOTHOLD_ASSIGN_OR_RETURN(SearchProblem problem,
                            MakeSearchProblem(*job.task->task, job.seed, job.knowledge));
  problem.target = *job.target;
  if (const EarlierTasks tasks = job.entrant->learns_from; tasks != EarlierTasks::kNone) {
    problem.earlier_runs =
        histories.at({job.knowledge, job.seed}).For(tasks, *job.task, *job.target);
  }
  const std::unique_ptr<Searcher> searcher = job.entrant->make(problem);
  SearchRunOptions run_options;
  run_options.budget = options.budget;
  run_options.batch_size = options.batch_size;
  run_options.costs = options.costs;
  run_options.build_s = job.task->build_s;
  const records::GroundTruth& truth = *job.task->truth;
  *job.summary = Summarise(RunSearch(*searcher, job.knowledge, truth, run_options),
                           *truth.best_seconds(), options.budget);
  return {};
}

Field DescribeField(const BenchmarkTask& task) {
  const records::GroundTruth& truth = *task.truth;
  Field field;
  field.workload = truth.workload().name;
  field.configs = truth.size();
  field.valid = truth.valid_count();
  field.best_seconds = *truth.best_seconds();
  field.build_s = task.build_s;
  for (const std::uint64_t index : truth.ValidIndices()) {
    for (std::size_t goal = 0; goal < kGoals.size(); ++goal) {
      const double enough = (1 + kGoals[goal].tolerance) * field.best_seconds;
      if (*truth.seconds(index) <= enough) ++field.good[goal];
    }
  }
  return field;
}

/// The result with a place for every run, and the runs that fill them.
std::pair<TimeToBest, std::vector<Job>> Plan(const std::vector<Benchmark>& benchmarks,
                                             const std::vector<Entrant>& entrants,
                                             const TimeToBestOptions& options) {
  TimeToBest result;
  result.options = options;
  for (const Benchmark& benchmark : benchmarks) {
    Competition& competition = result.competitions.emplace_back();
    competition.target = benchmark.target;
    for (const BenchmarkTask& task : benchmark.tasks) {
      Field& field = competition.fields.emplace_back(DescribeField(task));
      for (const Entrant& entrant : entrants) {
        for (const Knowledge knowledge : entrant.modes) {
          field.entries.push_back(
              {entrant.name, knowledge, std::vector<RunSummary>(options.seeds)});
        }
      }
    }
  }
  std::vector<Job> jobs;
  for (std::size_t a = 0; a < benchmarks.size(); ++a) {
    for (std::size_t t = 0; t < benchmarks[a].tasks.size(); ++t) {
      std::size_t place = 0;
      for (const Entrant& entrant : entrants) {
        for (const Knowledge knowledge : entrant.modes) {
          Entry& entry = result.competitions[a].fields[t].entries[place++];
          for (std::uint64_t i = 0; i < options.seeds; ++i) {
            jobs.push_back({&benchmarks[a].target, &benchmarks[a].tasks[t], &entrant, knowledge,
                            options.first_seed + i, &entry.runs[i]});
          }
        }
      }
    }
  }
  return {std::move(result), std::move(jobs)};
}

/// The histories that jobs need, each recorded by one thread. Interrupted: those that were done.
Result<Histories> RecordHistories(const std::vector<Benchmark>& benchmarks,
                                  const std::vector<Job>& jobs, const TimeToBestOptions& options,
                                  const std::atomic<bool>& interrupt) {
  std::set<std::pair<Knowledge, std::uint64_t>> needed;
  for (const Job& job : jobs) {
    if (job.entrant->learns_from != EarlierTasks::kNone) {
      needed.emplace(job.knowledge, job.seed);
    }
  }
  const std::vector<std::pair<Knowledge, std::uint64_t>> keys(needed.begin(), needed.end());
  Histories histories;
  std::mutex mutex;
  Status failure;
  base::RunInParallel(
      keys.size(), base::ThreadCount(options.jobs),
      [&](std::size_t i) {
        auto history = History::Record(benchmarks, keys[i].second, keys[i].first, options.costs);
        const std::lock_guard lock(mutex);
        if (!history.ok()) {
          failure = history.status();
        } else {
          histories.emplace(keys[i], *std::move(history));
        }
        return failure.ok();
      },
      [&] { return interrupt.load(); });
  FOOTHOLD_RETURN_IF_ERROR(failure);
  return histories;
}

}  // namespace

std::vector<double> MeasurementCheckpoints(std::uint64_t budget) {
  return Geometric(1, static_cast<double>(budget), /*whole=*/true);
}

std::vector<double> SecondsCheckpoints() { return Geometric(1, 3600, /*whole=*/false); }

void ValidityCalibration::Add(double probability, bool valid) {
  const auto bin = static_cast<std::size_t>(probability * kBins);
  Bin& into = bins[std::min(bin, kBins - 1)];
  ++into.trials;
  into.valid += valid ? 1 : 0;
  const double error = probability - (valid ? 1.0 : 0.0);
  squares += error * error;
}

void ValidityCalibration::Add(const ValidityCalibration& other) {
  for (std::size_t i = 0; i < kBins; ++i) {
    bins[i].trials += other.bins[i].trials;
    bins[i].valid += other.bins[i].valid;
  }
  squares += other.squares;
}

std::uint64_t ValidityCalibration::trials() const {
  std::uint64_t sum = 0;
  for (const Bin& bin : bins) sum += bin.trials;
  return sum;
}

double ValidityCalibration::BrierOfTheShare() const {
  std::uint64_t valid = 0;
  for (const Bin& bin : bins) valid += bin.valid;
  const double share = static_cast<double>(valid) / static_cast<double>(trials());
  return share * (1 - share);
}

/// optimum / best of the trials before the searcher concluded.
double SpeedWhenConcluded(const SearchRun& run, double optimum) {
  double speed = 0;
  for (std::size_t i = 0; i < run.concluded.value_or(0); ++i) {
    if (run.steps[i].outcome == Outcome::kCorrect) {
      speed = std::max(speed, optimum / run.steps[i].seconds);
    }
  }
  return speed;
}

RunSummary Summarise(const SearchRun& run, double optimum, std::uint64_t budget) {
  RunSummary summary;
  summary.trials = run.steps.size();
  summary.search_s = run.search_s;
  summary.concluded = run.concluded.value_or(0);
  summary.speed_when_concluded = SpeedWhenConcluded(run, optimum);
  for (const RunStep& step : run.steps) {
    if (!step.probability_valid) continue;
    summary.calibration.Add(*step.probability_valid, step.outcome == Outcome::kCorrect);
  }
  summary.builds = run.steps.empty() ? 0 : run.steps.back().builds;
  summary.builds_to.fill(summary.builds);
  summary.seconds.fill(run.steps.empty() ? 0 : run.steps.back().at_s);
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const RunStep& step = run.steps[i];
    if (step.outcome != Outcome::kCorrect) {
      ++summary.invalid;
      if (summary.measured[0] == 0) ++summary.invalid_to_optimum;
      continue;
    }
    if (summary.first_correct == 0) summary.first_correct = i + 1;
    for (std::size_t goal = 0; goal < kGoals.size(); ++goal) {
      if (summary.measured[goal] > 0) continue;
      if (step.seconds > (1 + kGoals[goal].tolerance) * optimum) continue;
      summary.measured[goal] = i + 1;
      summary.seconds[goal] = step.at_s;
      summary.builds_to[goal] = step.builds;
    }
  }
  summary.speed_by_measurement =
      SpeedCurve(run, optimum, MeasurementCheckpoints(budget),
                 [](std::size_t i) { return static_cast<double>(i + 1); });
  summary.speed_by_seconds = SpeedCurve(run, optimum, SecondsCheckpoints(),
                                        [&](std::size_t i) { return run.steps[i].at_s; });
  return summary;
}

Result<std::optional<TimeToBest>> RunTimeToBest(const std::vector<Benchmark>& benchmarks,
                                                const std::vector<Entrant>& entrants,
                                                const TimeToBestOptions& options,
                                                const OnRun& on_run,
                                                const std::atomic<bool>& interrupt) {
  FOOTHOLD_CHECK(options.seeds > 0 && options.budget > 0 && options.batch_size > 0);
  auto [result, jobs] = Plan(benchmarks, entrants, options);
  FOOTHOLD_ASSIGN_OR_RETURN(const Histories histories,
                            RecordHistories(benchmarks, jobs, options, interrupt));
  FOOTHOLD_ASSIGN_OR_RETURN(const bool all, RunAll(
                                                jobs.size(), options.jobs,
                                                [&, &jobs = jobs](std::size_t i) {
                                                  return RunJob(jobs[i], histories, options);
                                                },
                                                on_run, interrupt));
  if (!all) return std::optional<TimeToBest>();
  return std::optional(std::move(result));
}

}  // namespace foothold::studies
