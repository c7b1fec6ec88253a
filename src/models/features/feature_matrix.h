#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace foothold::models {

/// Features of several configs: one row each, all equally wide.
class FeatureMatrix {
 public:
  /// REQUIRES: columns > 0.
  explicit FeatureMatrix(std::size_t columns) : columns_(columns) {}

  std::size_t columns() const { return columns_; }
  std::size_t rows() const { return values_.size() / columns_; }
  std::span<const float> row(std::size_t i) const {
    return std::span(values_).subspan(i * columns_, columns_);
  }
  /// Row by row.
  const std::vector<float>& values() const { return values_; }

  /// Appends a row of zeros and returns it to be filled; valid until the next change.
  std::span<float> AppendRow() {
    values_.resize(values_.size() + columns_);
    return std::span(values_).last(columns_);
  }
  void Append(std::span<const float> row) { values_.insert(values_.end(), row.begin(), row.end()); }
  void Clear() { values_.clear(); }

 private:
  std::size_t columns_;
  std::vector<float> values_;
};

}  // namespace foothold::models
