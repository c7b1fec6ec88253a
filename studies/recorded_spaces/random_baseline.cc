#include "studies/recorded_spaces/random_baseline.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/statistics.h"

namespace foothold::studies {

RandomBaseline::RandomBaseline(const ReplayedSpace& replayed)
    : configs_(replayed.space().valid_count()) {
  std::vector<double> valid;
  std::vector<double> invalid;
  for (std::uint64_t rank = 0; rank < configs_; ++rank) {
    const RecordedTrial& trial = replayed.trial(rank);
    const bool is_correct = trial.outcome == Outcome::kCorrect;
    if (is_correct) times_.push_back(Seconds(trial));
    (is_correct ? valid : invalid).push_back(replayed.TrialCost(trial));
  }
  FOOTHOLD_CHECK(!times_.empty());
  std::sort(times_.begin(), times_.end());
  mean_valid_cost_ = *base::Mean(valid);
  mean_invalid_cost_ = base::Mean(invalid).value_or(0);
  valid.insert(valid.end(), invalid.begin(), invalid.end());
  median_cost_ = *base::Median(valid);
}

double RandomBaseline::median() const { return *base::Median(times_); }

double RandomBaseline::invalid_share() const {
  return 1 - static_cast<double>(times_.size()) / static_cast<double>(configs_);
}

std::uint64_t RandomBaseline::PlaceOf(double seconds) const {
  const auto place = std::lower_bound(times_.begin(), times_.end(), seconds);
  FOOTHOLD_CHECK(place != times_.end() && *place == seconds);
  return static_cast<std::uint64_t>(place - times_.begin());
}

double RandomBaseline::TimeAt(double place) const {
  const double lower = std::floor(place);
  const auto i = static_cast<std::size_t>(lower);
  if (i + 1 >= times_.size()) return times_.back();
  return std::lerp(times_[i], times_[i + 1], place - lower);
}

std::uint64_t RandomBaseline::DrawsTo(double percentile) const {
  const double goal = optimum() + (median() - optimum()) * (1 - percentile);
  // With the slowest config first, the place of the first one that is good enough.
  const auto good = static_cast<std::uint64_t>(
      std::upper_bound(times_.begin(), times_.end(), goal) - times_.begin());
  const std::uint64_t before = times_.size() - good;
  const std::uint64_t rest = times_.size() + 1 - before;
  return std::max<std::uint64_t>(1, (before + rest - 1) / rest);
}

double RandomBaseline::SecondsPerDraw(ScoreKind kind) const {
  const double invalid = invalid_share();
  const double failures = kind == ScoreKind::kPublished ? invalid : invalid / (1 - invalid);
  return mean_valid_cost_ + failures * mean_invalid_cost_;
}

double RandomBaseline::WindowAt(ScoreKind kind, double percentile) const {
  const double per_draw = kind == ScoreKind::kPublished ? median_cost_ : SecondsPerDraw(kind);
  return static_cast<double>(DrawsTo(percentile)) * per_draw;
}

double RandomBaseline::WindowStart(ScoreKind kind) const { return WindowAt(kind, kStart); }
double RandomBaseline::WindowEnd(ScoreKind kind) const { return WindowAt(kind, kEnd); }

/// The best of M draws without replacement from n stands, counted from the worst as 1, at
/// M (n + 1) / (M + 1) in the mean.
double RandomBaseline::TimeAfterDraws(ScoreKind kind, double draws) const {
  const auto count = static_cast<double>(times_.size());
  const double from_worst = draws * (count + 1) / (draws + 1);
  if (kind == ScoreKind::kValid) return TimeAt(std::clamp(count - from_worst, 0.0, count - 1));
  // As it is published: rounded, and counted from the worst as 0.
  return TimeAt(count - 1 - std::min(count - 1, std::round(from_worst)));
}

double RandomBaseline::TimeOfRandomSearch(ScoreKind kind, double at_s) const {
  const double draws = at_s / SecondsPerDraw(kind);
  if (kind == ScoreKind::kValid) return TimeAfterDraws(kind, draws);
  const double whole = std::max(1.0, std::floor(draws));
  const double rest = std::max(0.0, draws - whole);
  return std::lerp(TimeAfterDraws(kind, whole), TimeAfterDraws(kind, whole + 1), rest);
}

}  // namespace foothold::studies
