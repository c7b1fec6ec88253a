#include "search/foothold/foothold_searcher.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "search/foothold/batch.h"
#include "search/searcher/balanced_batch.h"

namespace foothold::search {
namespace {

/// Where fewer builds than this cost as much as a trial, a build that is only looked at is not
/// worth it: the trial itself would tell as much, and a time besides.
constexpr double kWorthBuilding = 4;
constexpr std::size_t kGood = 8;  ///< configs that candidates are drawn around
/// Where hardly anything builds, so many builds may go by before a trial.
constexpr std::size_t kMaxBuildsForOne = 2048;
/// The logarithm of an improvement that is hardly worth a trial.
constexpr double kLeastGain = -6;
/// How P(valid) and the improvement to be expected are weighed (measured:
/// docs/concepts/searcher-foothold.md).
struct Weighing {
  /// P(valid) counts to this power: a failure costs a trial and teaches nothing of time, and where
  /// nothing is known of validity, nothing is known of time, so that the expected improvement there
  /// is always great.
  double validity_power = 0;
  /// Below kLeastGain what is promised counts by this part, and down to so much, so that validity
  /// decides where nothing promises much.
  double small_gains = 0;
  double most_lost = 0;
};
/// Bounds tell well what is valid; so it need not be sure of it, and may leave what is exhausted.
constexpr Weighing kWithBounds = {2.5, 0.3, 10};
constexpr Weighing kByProcessAlone = {5, 0.03, 3};

/// Of P(valid).
constexpr double kSure = 0.9;
constexpr double kHardly = 0.05;
constexpr std::ptrdiff_t kManySure = 64;  ///< as many as the largest batch
constexpr double kSurest = 0.9999;        ///< that bounds can be

/// Built programs scored for one batch: those of the least lower bounds.
constexpr std::size_t kMaxScored = 384;
/// Of a program without an estimate on a target that gives some: behind all others.
constexpr models::TimePrior kUnpromising = {1e30, 1e30, 1e30};

/// Half of so many trials are proposed as if there were no earlier runs: to learn what these could
/// not tell. Then it is clear whether they help to foretell what is valid; if not, they are
/// forgotten.
constexpr std::size_t kTrustTrials = 32;
/// Failures from the first one on after which the model alone no longer decides.
constexpr std::size_t kPatience = 16;
/// A gain that does not matter.
constexpr double kNoGain = 1e-3;
/// A program less likely than this to be the fastest does not count.
constexpr double kLeastChance = 5e-3;
/// What the programs that were built and not measured may come to, taken together, at the end.
constexpr double kMostChanceLeft = 0.05;

/// Indices of the candidates that may be picked for their time. Scoring that costs most of a
/// proposal, and where there are enough that are surely valid, none is picked that hardly is:
/// its P(valid) costs it more than all that time can promise.
std::vector<std::size_t> WorthScoring(std::span<const double> valid) {
  const auto sure = std::count_if(valid.begin(), valid.end(), [](double p) { return p >= kSure; });
  std::vector<std::size_t> worth;
  for (std::size_t i = 0; i < valid.size(); ++i) {
    if (valid[i] >= kHardly || sure < kManySure) worth.push_back(i);
  }
  return worth;
}

}  // namespace

/// What candidates promise.
struct FootholdSearcher::Prospects {
  std::vector<double> valid;  ///< P(valid)
  std::vector<double> gains;  ///< logarithms of the expected improvements; empty: no time is known

  /// The greatest of the improvements; `unit`: TimeModel::gain_unit. nullopt: no time is known.
  std::optional<double> MostExpected(double unit) const {
    if (gains.empty()) return std::nullopt;
    double most = 0;
    for (std::size_t i = 0; i < gains.size(); ++i) {
      most = std::max(most, valid[i] * std::exp(gains[i]));
    }
    return unit * most;
  }

  std::vector<double> Scores(const Weighing& weighing) const {
    std::vector<double> scores(valid.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      scores[i] = weighing.validity_power * std::log(valid[i]);
      if (gains.empty()) continue;
      const double lack = std::max(0.0, kLeastGain - gains[i]);
      scores[i] += std::max(gains[i], kLeastGain) -
                   std::min(weighing.most_lost, weighing.small_gains * lack);
    }
    return scores;
  }
};

FootholdSearcher::FootholdSearcher(const SearchProblem& problem, const FootholdOptions& options)
    : options_(options),
      builds_allowed_(problem.knowledge != Knowledge::kBlind &&
                      problem.builds_per_trial >= kWorthBuilding),
      builds_per_trial_(problem.builds_per_trial),
      uses_bounds_(options.bounds && !builds_allowed_),
      space_(problem.space),
      rng_(problem.seed),
      features_(space_),
      sampler_(space_),
      tried_(space_),
      transfer_(problem, builds_allowed_),
      validity_(features_.columns(), transfer_.ExpectedLabels()),
      times_(features_.columns(), builds_allowed_, transfer_.ExpectedTimes(),
             transfer_.time_scale()),
      bounds_(space_),
      build_times_(features_.columns(), /*estimates=*/false) {
  warm_ = transfer_.runs() > 0;
  if (!warm_ || builds_allowed_) return;
  cold_.emplace(Models{models::ValidityModel(features_.columns()),
                       models::TimeModel(features_.columns(), /*estimates=*/false)});
}

std::vector<float> FootholdSearcher::RowOf(const Config& config) const {
  std::vector<float> row(features_.columns());
  features_.Extract(config, row);
  return row;
}

std::vector<Config> FootholdSearcher::Propose(std::size_t count) {
  builds_of_batch_ = 0;
  promised_.reset();
  std::vector<Config> batch;
  if (unmeasured_ > 0) batch = ProposeBuilt(count);
  if (batch.empty() && !tried_.All()) batch = ProposeUnbuilt(count);
  for (const Config& config : batch) tried_.Insert(config);
  return batch;
}

std::vector<Config> FootholdSearcher::ProposeUnbuilt(std::size_t count) {
  const std::vector<Config> candidates =
      sampler_.Draw(GoodConfigs(), options_.candidates, tried_, rng_);
  if (validity_.observed() == 0 && !warm_) {
    return PickDistant(candidates, count, rng_);
  }
  const models::FeatureMatrix rows = features_.Extract(candidates);
  const auto configs = [&](const std::vector<std::size_t>& picked) {
    std::vector<Config> batch;
    for (const std::size_t i : picked) batch.push_back(candidates[i]);
    return batch;
  };
  const Weighing& weighing = uses_bounds_ ? kWithBounds : kByProcessAlone;
  const Prospects prospects = Judge(rows, ExpectedValidity(candidates, rows, validity_), times_);
  if (times_.observed() > 0) promised_ = prospects.MostExpected(times_.gain_unit());
  const std::vector<Config> own = configs(PickBatch(rows, prospects.Scores(weighing), count));
  if (cold_ && cold_->validity.observed() == 0) {
    return HalfAndHalf(own, PickDistant(candidates, count, rng_));
  }
  if (cold_) {
    const Prospects cold =
        Judge(rows, ExpectedValidity(candidates, rows, cold_->validity), cold_->times);
    return HalfAndHalf(own, configs(PickBatch(rows, cold.Scores(weighing), count)));
  }
  if (validity_.valid() > 0 || validity_.observed() < kPatience) return own;
  // When nothing is valid for long the model may be on a wrong track.
  std::vector<Config> others = candidates;
  for (std::size_t i = 0; i < std::min(count, others.size()); ++i) {
    std::swap(others[i], others[i + rng_.Below(others.size() - i)]);
  }
  return HalfAndHalf(own, others);
}

std::vector<double> FootholdSearcher::ExpectedValidity(std::span<const Config> configs,
                                                       const models::FeatureMatrix& rows,
                                                       models::ValidityModel& validity) {
  std::vector<double> valid(rows.rows(), 1.0);
  if (!options_.validity) return valid;
  if (options_.optimistic_prior && validity.valid() == 0 && validity.observed() > 0) {
    validity.OptimisticProbabilities(rows, valid);
  } else {
    validity.Probabilities(rows, valid);
  }
  AskBounds(configs, valid);
  return valid;
}

/// By the mean of the logarithms of the odds (Genest and Zidek 1986: a logarithmic opinion pool):
/// who is sure has more to say than who is not.
void FootholdSearcher::AskBounds(std::span<const Config> configs, std::span<double> valid) {
  if (!bounds_.can_foretell()) return;
  std::vector<double> by_bounds(valid.size());
  bounds_.Probabilities(configs, by_bounds);
  const auto log_odds = [](double p) { return std::log(p / (1 - p)); };
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const double other = std::clamp(by_bounds[i], 1 - kSurest, kSurest);
    valid[i] = 1 / (1 + std::exp(-(log_odds(valid[i]) + log_odds(other)) / 2));
  }
}

FootholdSearcher::Prospects FootholdSearcher::Judge(const models::FeatureMatrix& rows,
                                                    std::vector<double> valid,
                                                    models::TimeModel& times) {
  Prospects prospects{std::move(valid), {}};
  if (!times.can_score()) return prospects;
  const std::vector<std::size_t> worth = WorthScoring(prospects.valid);
  models::FeatureMatrix some(rows.columns());
  for (const std::size_t i : worth) some.Append(rows.row(i));
  std::vector<double> gains(worth.size());
  times.LogImprovements(some, gains);
  prospects.gains.assign(rows.rows(), -std::numeric_limits<double>::infinity());
  for (std::size_t k = 0; k < worth.size(); ++k) prospects.gains[worth[k]] = gains[k];
  return prospects;
}

std::vector<Config> FootholdSearcher::GoodConfigs() const {
  std::vector<Config> good;
  for (const auto& [seconds, config] : fastest_) good.push_back(config);
  if (good.empty()) good = transfer_.good_configs();
  return good;
}

// --- built programs ---

std::vector<std::size_t> FootholdSearcher::BuiltCandidates() {
  std::vector<std::size_t> candidates, duplicates;
  for (std::size_t i = 0; i < built_.size(); ++i) {
    if (built_[i].proposed) continue;
    const bool is_duplicate =
        options_.duplicate_programs && measured_programs_.count(built_[i].metrics) != 0;
    (is_duplicate ? duplicates : candidates).push_back(i);
  }
  if (candidates.empty()) candidates = std::move(duplicates);
  const auto estimate = [this](std::size_t i) {
    return built_[i].prior ? built_[i].prior->estimate : std::numeric_limits<double>::infinity();
  };
  if (candidates.size() > kMaxScored) {
    std::nth_element(candidates.begin(), candidates.begin() + kMaxScored, candidates.end(),
                     [&](std::size_t a, std::size_t b) {
                       return std::pair(estimate(a), a) < std::pair(estimate(b), b);
                     });
    candidates.resize(kMaxScored);
  }
  return candidates;
}

std::optional<models::TimePrior> FootholdSearcher::PriorOf(const Metrics& metrics) const {
  using Prior = FootholdOptions::Prior;
  if (options_.prior == Prior::kNone) return std::nullopt;
  std::optional<models::TimePrior> prior = models::TimePriorOf(metrics);
  if (!prior || options_.prior == Prior::kEstimate) return prior;
  if (!prior->bounded()) return std::nullopt;
  prior->estimate = prior->lower;
  return prior;
}

std::vector<double> FootholdSearcher::ScoreBuilt(std::span<const std::size_t> candidates) {
  models::FeatureMatrix rows(features_.columns());
  std::vector<models::TimePrior> priors;
  for (const std::size_t i : candidates) {
    rows.Append(built_[i].row);
    priors.push_back(built_[i].prior.value_or(kUnpromising));
  }
  std::vector<double> scores(candidates.size(), 0.0);
  if (times_.uses_priors() && times_.observed() > 0) {
    times_.LogImprovements(rows, priors, scores);
  } else if (times_.uses_priors()) {
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = -100 * std::log(priors[i].estimate);
  } else if (times_.can_score()) {
    times_.LogImprovements(rows, scores);
  }
  if (run_failures_ > 0 && options_.validity) {
    std::vector<double> valid(rows.rows());
    validity_.Probabilities(rows, valid);
    for (std::size_t i = 0; i < scores.size(); ++i)
      scores[i] += kByProcessAlone.validity_power * std::log(valid[i]);
  }
  return scores;
}

std::vector<Config> FootholdSearcher::ProposeBuilt(std::size_t count) {
  const std::vector<std::size_t> candidates = BuiltCandidates();
  models::FeatureMatrix rows(features_.columns());
  for (const std::size_t i : candidates) rows.Append(built_[i].row);
  // While little is known, each trial should be chosen by what the one before told.
  const std::size_t batch_size = std::min(count, 1 + trials_ / 16);
  const std::vector<double> scores = ScoreBuilt(candidates);
  const bool knows_time = times_.observed() > 0 && (times_.uses_priors() || times_.can_score());
  const double unit = times_.uses_priors() ? 1 : times_.gain_unit();
  if (knows_time) promised_ = 0;
  std::vector<Config> batch;
  for (const std::size_t picked : PickBatch(rows, scores, batch_size)) {
    if (knows_time) promised_ = std::max(*promised_, unit * std::exp(scores[picked]));
    Built& built = built_[candidates[picked]];
    built.proposed = true;
    --unmeasured_;
    measured_programs_.insert(built.metrics);
    batch.push_back(built.config);
  }
  return batch;
}

// --- builds ---

bool FootholdSearcher::MoreBuilds() const {
  if (!builds_allowed_ || tried_.All()) return false;
  if (unmeasured_ == 0) return builds_of_batch_ < kMaxBuildsForOne;
  // Builds may cost as much as the trials do; the first are the most useful.
  const double affordable = builds_per_trial_ * static_cast<double>(kGood + trials_);
  if (static_cast<double>(builds_) >= affordable) return false;
  if (trials_ == 0) return builds_ < options_.first_builds;
  if (unmeasured_ < kGood) return builds_of_batch_ < kMaxBuildsForOne;
  return builds_of_batch_ < options_.builds_per_batch &&
         builds_without_gain_ < options_.builds_without_gain;
}

std::vector<Config> FootholdSearcher::ProposeBuilds() {
  if (!MoreBuilds()) return {};
  const std::vector<Config> candidates =
      sampler_.Draw(GoodConfigs(), options_.candidates, tried_, rng_);
  std::vector<Config> round;
  if (builds_ == 0 && !warm_) {
    round = PickDistant(candidates, options_.builds_per_round, rng_);
  } else {
    const models::FeatureMatrix rows = features_.Extract(candidates);
    models::TimeModel& times = build_times_.observed() >= 2 ? build_times_ : times_;
    const Prospects prospects = Judge(rows, ExpectedValidity(candidates, rows, validity_), times);
    for (const std::size_t i :
         PickBatch(rows, prospects.Scores(kByProcessAlone), options_.builds_per_round)) {
      round.push_back(candidates[i]);
    }
  }
  for (const Config& config : round) tried_.Insert(config);
  return round;
}

void FootholdSearcher::ObserveBuilds(std::span<const BuildReport> reports) {
  const std::size_t first = built_.size();
  for (const BuildReport& report : reports) {
    ++builds_;
    ++builds_of_batch_;
    ++builds_without_gain_;
    if (!report.ok()) {
      ObserveFailure(report.config, models::KindOf(*report.failure));
      continue;
    }
    const std::vector<float> row = RowOf(report.config);
    ObserveValid(report.config, row);
    const std::optional<models::TimePrior> prior = PriorOf(report.metrics);
    if (prior) {
      build_times_.Observe(row, prior->estimate, std::nullopt);
      fastest_.emplace_back(prior->estimate, report.config);
    }
    built_index_[space_.IndexOf(report.config)] = built_.size();
    built_.push_back({report.config, row, prior, report.metrics, false});
    ++unmeasured_;
  }
  std::sort(fastest_.begin(), fastest_.end());
  if (fastest_.size() > 4 * kGood) fastest_.resize(4 * kGood);
  CountBuildsWithoutGain(first);
}

/// Builds gain nothing for as long as none of them could well be the fastest.
void FootholdSearcher::CountBuildsWithoutGain(std::size_t first) {
  std::vector<std::size_t> latest(built_.size() - first);
  std::iota(latest.begin(), latest.end(), first);
  const std::vector<double> chances = ProbabilitiesBest(latest);
  if (std::any_of(chances.begin(), chances.end(),
                  [](double chance) { return chance > kLeastChance; })) {
    builds_without_gain_ = 0;
  }
}

std::vector<double> FootholdSearcher::ProbabilitiesBest(std::span<const std::size_t> built) {
  std::vector<double> probabilities(built.size(), 1.0);
  if (built.empty() || !times_.uses_priors() || times_.observed() == 0) return probabilities;
  models::FeatureMatrix rows(features_.columns());
  std::vector<models::TimePrior> priors;
  for (const std::size_t i : built) {
    rows.Append(built_[i].row);
    priors.push_back(built_[i].prior.value_or(kUnpromising));
  }
  times_.ProbabilitiesBelow((1 - kNoGain) * times_.best_seconds(), rows, priors, probabilities);
  return probabilities;
}

std::string FootholdSearcher::Conclusion() {
  const bool all_built = builds_allowed_ && tried_.All();
  if (times_.observed() < kGood || !times_.uses_priors()) return {};
  if (!all_built && builds_without_gain_ < options_.builds_without_gain) return {};
  std::vector<std::size_t> unmeasured;
  for (std::size_t i = 0; i < built_.size(); ++i) {
    if (!built_[i].proposed) unmeasured.push_back(i);
  }
  const std::vector<double> chances = ProbabilitiesBest(unmeasured);
  const double chance = std::accumulate(chances.begin(), chances.end(), 0.0);
  if (chance > kMostChanceLeft) return {};
  return fmt::format("the chance that one of the {} programs left is faster is {:.2g} %, and {}",
                     unmeasured.size(), 100 * std::max(chance, 1e-6),
                     all_built ? std::string("no config is left to build")
                               : fmt::format("below {:g} % for each of the last {} builds",
                                             100 * kLeastChance, builds_without_gain_));
}

// --- trials ---

std::optional<double> FootholdSearcher::ProbabilityValid(const Config& config) {
  models::FeatureMatrix rows(features_.columns());
  rows.Append(RowOf(config));
  double probability = 0;
  validity_.Probabilities(rows, std::span(&probability, 1));
  AskBounds(std::span(&config, 1), std::span(&probability, 1));
  return probability;
}

/// By the logarithm of the likelihood of a trial's validity with the earlier runs, less that
/// without (Dawid 1984: prequential).
void FootholdSearcher::CountGain(const Measurement& measurement) {
  models::FeatureMatrix row(features_.columns());
  row.Append(RowOf(measurement.config));
  double with = 0, without = 0;
  validity_.Probabilities(row, std::span(&with, 1));
  cold_->validity.Probabilities(row, std::span(&without, 1));
  const bool valid = !IsFailure(measurement.outcome());
  gain_ += std::log(valid ? with : 1 - with) - std::log(valid ? without : 1 - without);
}

/// The earlier runs have proved of use, or are forgotten.
void FootholdSearcher::SettleTrust() {
  if (gain_ < 0) {
    validity_ = std::move(cold_->validity);
    times_ = std::move(cold_->times);
    warm_ = false;
  }
  cold_.reset();
}

void FootholdSearcher::ObserveValid(const Config& config, std::span<const float> row) {
  validity_.ObserveValid(row);
  if (cold_) cold_->validity.ObserveValid(row);
  if (uses_bounds_) bounds_.ObserveValid(config);
}

void FootholdSearcher::ObserveFailure(const Config& config, const models::FailureKind& kind) {
  const std::vector<float> row = RowOf(config);
  validity_.ObserveFailure(row, kind.outcome, kind.stage);
  if (cold_) cold_->validity.ObserveFailure(row, kind.outcome, kind.stage);
  if (uses_bounds_) bounds_.ObserveFailure(config, kind);
}

void FootholdSearcher::Observe(std::span<const Measurement> measurements) {
  for (const Measurement& measurement : measurements) {
    ++trials_;
    if (space_.IsValid(measurement.config)) tried_.Insert(measurement.config);
    if (cold_) CountGain(measurement);
    const auto known = built_index_.find(space_.IndexOf(measurement.config));
    const bool was_built = known != built_index_.end();
    if (measurement.failure) {
      if (was_built) ++run_failures_;
      ObserveFailure(measurement.config, models::KindOf(*measurement.failure));
      continue;
    }
    const std::vector<float> row = RowOf(measurement.config);
    if (!was_built) ObserveValid(measurement.config, row);
    const auto prior = was_built ? built_[known->second].prior : std::nullopt;
    if (measurement.slower_than_s) {
      if (cold_) cold_->times.ObserveSlower(row, *measurement.slower_than_s, std::nullopt);
      times_.ObserveSlower(row, *measurement.slower_than_s, prior);
      continue;
    }
    const double seconds = measurement.MedianSeconds();
    if (cold_) cold_->times.Observe(row, seconds, std::nullopt);
    times_.Observe(row, seconds, prior);
    fastest_.emplace_back(seconds, measurement.config);
  }
  if (cold_ && trials_ >= kTrustTrials) SettleTrust();
  std::sort(fastest_.begin(), fastest_.end());
  const std::size_t good = builds_allowed_ ? 4 * kGood : kGood;
  if (fastest_.size() > good) fastest_.resize(good);
}

/// Its time must not be what others have to beat; that it was valid once stays beside the failure.
void FootholdSearcher::Retract(const Measurement& demoted) {
  const std::vector<float> row = RowOf(demoted.config);
  times_.Retract(row);
  if (cold_) cold_->times.Retract(row);
  ObserveFailure(demoted.config, models::KindOf(*demoted.failure));
  std::erase_if(fastest_, [&](const auto& entry) { return entry.second == demoted.config; });
}

}  // namespace foothold::search
