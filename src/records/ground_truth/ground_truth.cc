#include "records/ground_truth/ground_truth.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"

namespace foothold::records {

std::size_t Verdict::values() const {
  return (outcome == Outcome::kCorrect ? 1 : 0) + program_metrics.size() + run_metrics.size();
}

Result<GroundTruth> GroundTruth::Create(GroundTruthHeader header) {
  FOOTHOLD_ASSIGN_OR_RETURN(Space space, Space::Create(header.parameters));
  return GroundTruth(std::move(header), std::move(space));
}

GroundTruth::GroundTruth(GroundTruthHeader header, Space space)
    : header_(std::move(header)), space_(std::move(space)) {}

Result<std::uint8_t> GroundTruth::IdOf(const Verdict& verdict) {
  const auto found = id_of_.find(verdict);
  if (found != id_of_.end()) return found->second;
  if (verdicts_.size() == kMaxVerdicts) {
    return Status::InvalidArgument(
        fmt::format("the configs of {} on {} end in more than {} ways, an exploration tells no "
                    "more apart: stages and names of metrics must not depend on the config",
                    header_.workload.name, header_.target, kMaxVerdicts));
  }
  const auto id = static_cast<std::uint8_t>(verdicts_.size());
  id_of_.emplace(verdict, id);
  verdicts_.push_back(verdict);
  rows_.emplace_back();
  counts_.push_back(0);
  return id;
}

Status GroundTruth::Add(const Verdict& verdict, std::span<const double> values) {
  FOOTHOLD_CHECK(!complete());
  FOOTHOLD_CHECK(values.size() == verdict.values());
  FOOTHOLD_ASSIGN_OR_RETURN(const std::uint8_t id, IdOf(verdict));
  const std::uint64_t index = size();
  ids_.push_back(id);
  ++counts_[id];
  if (!values.empty()) {
    rows_[id].indices.push_back(index);
    rows_[id].values.insert(rows_[id].values.end(), values.begin(), values.end());
  }
  if (verdict.outcome != Outcome::kCorrect) return {};
  const double seconds = values.front();
  FOOTHOLD_CHECK(std::isfinite(seconds) && seconds > 0);
  if (!best_seconds_ || seconds < *best_seconds_) {
    best_seconds_ = seconds;
    best_indices_.clear();
  }
  if (seconds == *best_seconds_) best_indices_.push_back(index);
  return {};
}

std::span<const double> GroundTruth::values(std::uint64_t index) const {
  FOOTHOLD_CHECK(index < size());
  const std::size_t count = verdict(index).values();
  if (count == 0) return {};
  const Rows& rows = rows_[ids_[index]];
  const auto row = std::lower_bound(rows.indices.begin(), rows.indices.end(), index);
  return std::span(rows.values)
      .subspan(static_cast<std::size_t>(row - rows.indices.begin()) * count, count);
}

std::optional<double> GroundTruth::seconds(std::uint64_t index) const {
  if (outcome(index) != Outcome::kCorrect) return std::nullopt;
  return values(index).front();
}

namespace {

Metrics Named(const std::vector<std::string>& names, std::span<const double> values) {
  Metrics metrics;
  for (std::size_t i = 0; i < names.size(); ++i) metrics.emplace(names[i], values[i]);
  return metrics;
}

}  // namespace

Metrics GroundTruth::program_metrics(std::uint64_t index) const {
  const Verdict& how = verdict(index);
  const std::size_t own = how.program_metrics.size() + how.run_metrics.size();
  return Named(how.program_metrics, values(index).last(own));
}

Metrics GroundTruth::run_metrics(std::uint64_t index) const {
  const Verdict& how = verdict(index);
  return Named(how.run_metrics, values(index).last(how.run_metrics.size()));
}

std::map<Outcome, std::uint64_t> GroundTruth::outcomes() const {
  std::map<Outcome, std::uint64_t> counts;
  for (std::size_t id = 0; id < verdicts_.size(); ++id) {
    counts[verdicts_[id].outcome] += counts_[id];
  }
  return counts;
}

std::map<std::string, std::uint64_t> GroundTruth::stages() const {
  std::map<std::string, std::uint64_t> counts;
  for (std::size_t id = 0; id < verdicts_.size(); ++id) {
    if (verdicts_[id].outcome != Outcome::kCorrect) counts[verdicts_[id].stage] += counts_[id];
  }
  return counts;
}

std::uint64_t GroundTruth::valid_count() const {
  const auto counts = outcomes();
  const auto correct = counts.find(Outcome::kCorrect);
  return correct == counts.end() ? 0 : correct->second;
}

std::vector<std::uint64_t> GroundTruth::ValidIndices() const {
  std::vector<std::uint64_t> indices;
  for (std::size_t id = 0; id < verdicts_.size(); ++id) {
    if (verdicts_[id].outcome != Outcome::kCorrect) continue;
    indices.insert(indices.end(), rows_[id].indices.begin(), rows_[id].indices.end());
  }
  std::sort(indices.begin(), indices.end());
  return indices;
}

}  // namespace foothold::records
