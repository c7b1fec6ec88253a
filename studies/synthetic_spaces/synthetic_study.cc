#include "studies/synthetic_spaces/synthetic_study.h"

#include <algorithm>

#include "base/check.h"
#include "measure/replay_runner.h"
#include "tune/loop.h"
#include "tune/memory_journal.h"

namespace foothold::studies {
namespace {

Measurement MeasurementOf(const SyntheticSpace& space, const Config& config) {
  Measurement measurement;
  measurement.config = config;
  measurement.failure = space.failure(config);
  if (!measurement.failure) measurement.seconds = {space.seconds(config)};
  return measurement;
}

struct Job {
  const SyntheticSpace* space = nullptr;
  const Entrant* searcher = nullptr;
  std::uint64_t seed = 0;
  SyntheticRun* run = nullptr;
};

SyntheticField Describe(const SyntheticSpace& space, const std::vector<Entrant>& searchers,
                        const SyntheticOptions& options) {
  SyntheticField field{space.name, space.set, space.space.raw_size(), space.valid_share, {}};
  for (const Entrant& searcher : searchers) {
    field.entries.push_back({searcher.name, std::vector<SyntheticRun>(options.seeds)});
  }
  return field;
}

void RunJob(const Job& job, const SyntheticOptions& options) {
  const SearchProblem problem{job.space->space, job.seed, Knowledge::kBlind};
  const std::unique_ptr<Searcher> searcher = job.searcher->make(problem);
  *job.run = RunOnSynthetic(*searcher, *job.space, options);
}

}  // namespace

SyntheticRun RunOnSynthetic(Searcher& searcher, const SyntheticSpace& space,
                            const SyntheticOptions& options) {
  FOOTHOLD_CHECK(options.trials > 0 && options.batch_size > 0);
  measure::VirtualClock clock;
  const auto runner = measure::MakeReplayRunner(
      {[&](const Config& config) { return MeasurementOf(space, config); }, {}}, clock);
  tune::MemoryJournal journal(clock);
  TunerOptions tuner_options;
  tuner_options.trials = options.trials;
  tuner_options.batch_size = options.batch_size;
  tuner_options.knowledge = Knowledge::kBlind;
  tuner_options.stop_early = false;
  const auto result =
      tune::RunLoop({space.space, searcher, *runner, journal, clock}, tuner_options);
  FOOTHOLD_CHECK(result.ok(), "nothing can fail but candidates");
  SyntheticRun run;
  run.search_s = journal.search_seconds();
  std::uint64_t trial = 0;
  for (const tune::MemoryJournal::Trial& done : journal.trials()) {
    ++trial;
    if (IsFailure(done.measurement.outcome())) {
      ++run.invalid;
    } else {
      if (run.first_valid == 0) run.first_valid = trial;
      const double ratio = done.measurement.MedianSeconds() / space.optimum;
      run.late = run.late > 0 ? std::min(run.late, ratio) : ratio;
    }
    if (trial <= options.trials / 3) run.early = run.late;
  }
  return run;
}

std::optional<SyntheticResult> RunSyntheticStudy(const std::vector<SyntheticSpace>& spaces,
                                                 const std::vector<Entrant>& searchers,
                                                 const SyntheticOptions& options,
                                                 const OnRun& on_run,
                                                 const std::atomic<bool>& interrupt) {
  FOOTHOLD_CHECK(options.seeds > 0);
  SyntheticResult result{options, {}, {}};
  for (const Entrant& searcher : searchers) result.searchers.push_back(searcher.name);
  for (const SyntheticSpace& space : spaces) {
    result.fields.push_back(Describe(space, searchers, options));
  }
  std::vector<Job> jobs;
  for (std::size_t s = 0; s < spaces.size(); ++s) {
    for (std::size_t e = 0; e < searchers.size(); ++e) {
      for (std::uint64_t i = 0; i < options.seeds; ++i) {
        jobs.push_back({&spaces[s], &searchers[e], options.first_seed + i,
                        &result.fields[s].entries[e].runs[i]});
      }
    }
  }
  const auto run = [&](std::size_t i) {
    RunJob(jobs[i], options);
    return Status();
  };
  if (!*RunAll(jobs.size(), options.jobs, run, on_run, interrupt)) return std::nullopt;
  return result;
}

}  // namespace foothold::studies
