#include "search/ml2tuner/program_features.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace foothold::search {

void ProgramFeatures::AddColumns(const Metrics& program) {
  const std::size_t before = metric_columns_.size();
  for (const auto& [name, value] : program) metric_columns_.try_emplace(name, 0);
  if (metric_columns_.size() == before) return;
  std::size_t next = 0;
  for (auto& [name, column] : metric_columns_) column = next++;
}

void ProgramFeatures::Extract(const Config& config, const Metrics& program,
                              std::span<float> features) const {
  FOOTHOLD_CHECK(features.size() == columns());
  knobs_.Extract(config, features.first(knobs_.columns()));
  const std::span<float> metrics = features.subspan(knobs_.columns());
  std::fill(metrics.begin(), metrics.end(), 0.0F);
  for (const auto& [name, value] : program) {
    const auto column = metric_columns_.find(name);
    const auto narrow = static_cast<float>(value);
    if (column != metric_columns_.end() && std::isfinite(narrow)) metrics[column->second] = narrow;
  }
}

}  // namespace foothold::search
