#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

#include "foothold/space.h"
#include "foothold/target.h"
#include "search/autotvm/knob_features.h"

namespace foothold::search {

/// Features of a config and the program that was built of it: AutoTVM's knob features, then the
/// program's metrics in the order of their names.
class ProgramFeatures {
 public:
  explicit ProgramFeatures(const Space& space) : knobs_(space) {}

  /// Makes room for the metrics that `program` has and no program before had.
  void AddColumns(const Metrics& program);
  std::size_t columns() const { return knobs_.columns() + metric_columns_.size(); }
  /// A metric the program lacks, or whose value is no finite float, is 0; one without a column is
  /// left out. REQUIRES: `config` belongs to the space; `features` is columns() wide.
  void Extract(const Config& config, const Metrics& program, std::span<float> features) const;

 private:
  KnobFeatures knobs_;
  std::map<std::string, std::size_t> metric_columns_;  ///< by name, counted from the first metric
};

}  // namespace foothold::search
