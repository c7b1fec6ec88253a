#include "search/autotvm/knob_features.h"

#include "base/check.h"

namespace foothold::search {
namespace {

/// What a split holds for its outer size: whatever the inner ones leave.
constexpr float kOuterSize = -1;

}  // namespace

bool KnobFeatures::IsTile(const Parameter& parameter) {
  return parameter.name.starts_with("tile_");
}

KnobFeatures::KnobFeatures(const Space& space, const IsSplit& is_split) {
  for (const Parameter& parameter : space.parameters()) {
    Source source;
    source.split = is_split(parameter);
    source.column = columns_ + (source.split ? 1 : 0);
    for (const std::int64_t value : parameter.values) {
      source.values.push_back(static_cast<float>(value));
    }
    columns_ = source.column + 1;
    sources_.push_back(std::move(source));
  }
  FOOTHOLD_CHECK(columns_ > 0, "a space with a parameter");
}

void KnobFeatures::Extract(const Config& config, std::span<float> features) const {
  FOOTHOLD_CHECK(config.choices.size() == sources_.size());
  FOOTHOLD_CHECK(features.size() == columns_);
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const Source& source = sources_[i];
    if (source.split) features[source.column - 1] = kOuterSize;
    features[source.column] = source.values[config.choices[i]];
  }
}

models::FeatureMatrix KnobFeatures::Extract(std::span<const Config> configs) const {
  models::FeatureMatrix matrix(columns_);
  for (const Config& config : configs) Extract(config, matrix.AppendRow());
  return matrix;
}

}  // namespace foothold::search
