#include "search/validity/validity_searcher.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "search/searcher/balanced_batch.h"
#include "search/searcher/visited.h"

namespace foothold::search {
namespace {

// What annealing adds to the scores of configs that are known to be valid, and not to be.
constexpr float kValidBias = 1;
constexpr float kInvalidBias = -1e6F;

/// Presampling by measurements begins with a batch of trials.
constexpr std::size_t kBlindFirstBatch = 8;

/// Both searches draw from generators of their own.
constexpr std::uint64_t kSeedOfSearch = 0x76616C6964697479;

}  // namespace

ValiditySearcher::ValiditySearcher(const SearchProblem& problem, const ValidityOptions& options)
    : options_(options),
      builds_(options.presampling && problem.knowledge != Knowledge::kBlind),
      space_(problem.space),
      first_trials_(std::min<std::uint64_t>(options.first_trials, problem.space.valid_count())),
      rng_(problem.seed),
      search_(problem.space, problem.seed ^ kSeedOfSearch, SearchOptions()) {
  if (!options.presampling || space_.valid_count() == 0) return;
  presampling_.emplace(space_, builds_ ? options.max_builds : first_trials_,
                       builds_ ? options.parallel_builds : kBlindFirstBatch, rng_);
}

AutotvmOptions ValiditySearcher::SearchOptions() {
  AutotvmOptions options = options_.autotvm;
  options.first_fit = first_trials_;
  if (!options_.bias) return options;
  options.bias = [this](const Config& config) {
    const auto found = known_.find(space_.IndexOf(config));
    if (found == known_.end()) return 0.0F;
    return found->second ? kValidBias : kInvalidBias;
  };
  return options;
}

std::vector<Config> ValiditySearcher::ProposeBuilds() {
  if (!builds_ || !presampling_) return {};
  return presampling_->Take(std::numeric_limits<std::size_t>::max());
}

void ValiditySearcher::ObserveBuilds(std::span<const BuildReport> reports) {
  for (const BuildReport& report : reports) {
    presampling_->Observe(report.config, report.ok());
    Learn(report.config, report.ok());
    if (!report.ok()) failures_[space_.IndexOf(report.config)] = *report.failure;
    (report.ok() ? valid_ : invalid_).push_back(report.config);
  }
}

void ValiditySearcher::Learn(const Config& config, bool valid) {
  known_[space_.IndexOf(config)] = valid;
}

std::vector<Config> ValiditySearcher::Propose(std::size_t count) {
  if (presampling_ && !builds_) {
    search_.Queue(presampling_->TakeWithoutWaiting(count));
  } else if (!begun_) {
    BeginSearch(FirstTrials());
  }
  begun_ = true;
  return search_.Propose(count);
}

void ValiditySearcher::Observe(std::span<const Measurement> measurements) {
  for (const Measurement& measurement : measurements) {
    const bool valid = !IsFailure(measurement.outcome());
    Learn(measurement.config, valid);
    if (presampling_ && !builds_) presampling_->Observe(measurement.config, valid);
  }
  search_.Observe(measurements);
}

/// What a build has told already is not measured again: the cost model learns it at once.
void ValiditySearcher::BeginSearch(const std::vector<Config>& first_trials) {
  std::vector<Config> trials;
  for (const Config& config : first_trials) {
    const auto failure = failures_.find(space_.IndexOf(config));
    if (failure == failures_.end()) {
      trials.push_back(config);
      continue;
    }
    Measurement measurement;
    measurement.config = config;
    measurement.failure = failure->second;
    search_.Observe(std::span(&measurement, 1));
  }
  search_.Queue(trials);
}

/// E0.
std::vector<Config> ValiditySearcher::FirstTrials() {
  if (!builds_) return SampleDistinct(space_, first_trials_, rng_);
  if (options_.balanced) return PickBalanced(valid_, invalid_, first_trials_, rng_);
  std::vector<Config> sample = valid_;
  sample.insert(sample.end(), invalid_.begin(), invalid_.end());
  rng_.Shuffle(sample);
  sample.resize(std::min(sample.size(), first_trials_));
  return sample;
}

}  // namespace foothold::search
