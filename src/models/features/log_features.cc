#include "models/features/log_features.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace foothold {
namespace {

/// The choice whose value is nearest.
std::size_t Nearest(std::span<const std::int64_t> values, std::int64_t value) {
  const auto distance = [value](std::int64_t v) {
    return std::abs(static_cast<double>(v) - static_cast<double>(value));
  };
  const auto nearest = std::min_element(values.begin(), values.end(),
                                        [&](auto a, auto b) { return distance(a) < distance(b); });
  return static_cast<std::size_t>(nearest - values.begin());
}

}  // namespace

LogFeatures::Source LogFeatures::Scaled(std::size_t index, const Parameter& parameter) {
  const std::vector<std::int64_t>& values = parameter.values;
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
  Source source{index, parameter.name, {}, mean, logarithmic ? std::sqrt(variance) : 0, values};
  for (const double v : raw) {
    source.values.push_back(static_cast<float>((v - mean) / std::sqrt(variance)));
  }
  return source;
}

LogFeatures::LogFeatures(const Space& space) {
  for (std::size_t i = 0; i < space.parameters().size(); ++i) {
    const Parameter& parameter = space.parameters()[i];
    if (parameter.values.size() > 1) sources_.push_back(Scaled(i, parameter));
  }
  columns_ = std::max<std::size_t>(1, sources_.size());
}

bool LogFeatures::ExtractOther(std::span<const Parameter> parameters, const Config& config,
                               std::span<float> features) const {
  FOOTHOLD_CHECK(features.size() == columns_);
  std::vector<float> row(columns_);
  for (std::size_t column = 0; column < sources_.size(); ++column) {
    const Source& source = sources_[column];
    const auto found =
        std::find_if(parameters.begin(), parameters.end(),
                     [&](const Parameter& parameter) { return parameter.name == source.name; });
    if (found == parameters.end()) return false;
    const auto index = static_cast<std::size_t>(found - parameters.begin());
    const std::int64_t value = found->values[config.choices[index]];
    if (source.deviation > 0 && value >= 1) {
      const double logarithm = std::log2(static_cast<double>(value));
      row[column] = static_cast<float>((logarithm - source.mean) / source.deviation);
    } else {
      row[column] = source.values[Nearest(source.raw, value)];
    }
  }
  std::copy(row.begin(), row.end(), features.begin());
  return true;
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
