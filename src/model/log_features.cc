#include "model/log_features.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace foothold {
namespace {

std::vector<float> Scaled(const std::vector<std::int64_t>& values) {
  const bool logarithmic = std::all_of(values.begin(), values.end(), [](auto v) { return v >= 1; });
  std::vector<double> raw;
  for (std::size_t i = 0; i < values.size(); ++i) {
    raw.push_back(logarithmic ? std::log2(static_cast<double>(values[i])) : static_cast<double>(i));
  }
  const auto count = static_cast<double>(raw.size());
  double mean = 0;
  for (const double v : raw) mean += v / count;
  double variance = 0;
  for (const double v : raw) variance += (v - mean) * (v - mean) / count;
  std::vector<float> scaled;
  for (const double v : raw) scaled.push_back(static_cast<float>((v - mean) / std::sqrt(variance)));
  return scaled;
}

}  // namespace

LogFeatures::LogFeatures(const Space& space) {
  for (std::size_t i = 0; i < space.parameters().size(); ++i) {
    const std::vector<std::int64_t>& values = space.parameters()[i].values;
    if (values.size() > 1) sources_.push_back({i, Scaled(values)});
  }
  columns_ = std::max<std::size_t>(1, sources_.size());
}

void LogFeatures::Extract(const Config& config, std::span<float> features) const {
  FOOTHOLD_CHECK(features.size() == columns_);
  for (std::size_t column = 0; column < sources_.size(); ++column) {
    const Source& source = sources_[column];
    features[column] = source.values[config.choices[source.parameter]];
  }
}

FeatureMatrix LogFeatures::Extract(std::span<const Config> configs) const {
  FeatureMatrix matrix(columns_);
  for (const Config& config : configs) Extract(config, matrix.AppendRow());
  return matrix;
}

}  // namespace foothold
