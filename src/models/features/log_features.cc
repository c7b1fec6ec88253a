#include "models/features/log_features.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace foothold::models {
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
  Source source{index, parameter.name, 0, 1, {}, mean, logarithmic ? std::sqrt(variance) : 0,
                values};
  for (const double v : raw) {
    source.values.push_back(static_cast<float>((v - mean) / std::sqrt(variance)));
  }
  return source;
}

/// Two values of variance 1 that are drawn at random are at a squared distance of 2 on average,
/// equal ones included; so are these, of which one in `count` pairs is equal.
LogFeatures::Source LogFeatures::Unordered(std::size_t index, const Parameter& parameter) {
  const auto count = static_cast<double>(parameter.values.size());
  const double step = std::sqrt(count / (count - 1));
  const double others = -step / count;
  return {index,
          parameter.name,
          0,
          parameter.values.size(),
          {static_cast<float>(step + others), static_cast<float>(others)},
          0,
          0,
          parameter.values};
}

void LogFeatures::Source::Write(std::size_t choice, std::span<float> features) const {
  if (columns == 1) {
    features[first_column] = values[choice];
    return;
  }
  const std::span<float> own = features.subspan(first_column, columns);
  std::fill(own.begin(), own.end(), values[1]);
  own[choice] = values[0];
}

LogFeatures::LogFeatures(const Space& space) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < space.parameters().size(); ++i) {
    const Parameter& parameter = space.parameters()[i];
    if (parameter.values.size() < 2) continue;
    const bool is_ordered = parameter.is_ordered || parameter.values.size() == 2;
    sources_.push_back(is_ordered ? Scaled(i, parameter) : Unordered(i, parameter));
    sources_.back().first_column = columns;
    columns += sources_.back().columns;
  }
  columns_ = std::max<std::size_t>(1, columns);
}

bool LogFeatures::ExtractOther(std::span<const Parameter> parameters, const Config& config,
                               std::span<float> features) const {
  FOOTHOLD_CHECK(features.size() == columns_);
  std::vector<float> row(columns_);
  for (const Source& source : sources_) {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(),
                     [&](const Parameter& parameter) { return parameter.name == source.name; });
    if (found == parameters.end()) return false;
    const auto index = static_cast<std::size_t>(found - parameters.begin());
    const std::int64_t value = found->values[config.choices[index]];
    if (source.deviation > 0 && value >= 1) {
      const double logarithm = std::log2(static_cast<double>(value));
      row[source.first_column] = static_cast<float>((logarithm - source.mean) / source.deviation);
    } else {
      source.Write(Nearest(source.raw, value), row);
    }
  }
  std::copy(row.begin(), row.end(), features.begin());
  return true;
}

void LogFeatures::Extract(const Config& config, std::span<float> features) const {
  FOOTHOLD_CHECK(features.size() == columns_);
  for (const Source& source : sources_) source.Write(config.choices[source.parameter], features);
}

FeatureMatrix LogFeatures::Extract(std::span<const Config> configs) const {
  FeatureMatrix matrix(columns_);
  for (const Config& config : configs) Extract(config, matrix.AppendRow());
  return matrix;
}

}  // namespace foothold::models
