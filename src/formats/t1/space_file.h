#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "formats/t1/value.h"

namespace foothold::t1 {

/// A tuning parameter with its values as the file has them.
struct TuningParameter {
  std::string name;
  std::vector<Value> values;  ///< truth values, whole numbers, numbers or texts; all of one kind
};

/// The ConfigurationSpace of a T1 file (docs/formats/t1.md): what there is to tune, of any kernel
/// in any language.
struct TuningSpace {
  std::vector<TuningParameter> parameters;
  /// Has the same parameters in the same order. Whole numbers and truth values stand for
  /// themselves; of other kinds the space has the indices of the values.
  Space space;

  /// The value that `config` gives to parameter `index`. REQUIRES: both are in range.
  const Value& ValueOf(const Config& config, std::size_t index) const {
    return parameters[index].values[config.choices[index]];
  }
  /// "block_size_x=16 layout=row ...", as the file would say it.
  std::string ToString(const Config& config) const;
};

/// Reads the ConfigurationSpace of the file's `root`; what else the file holds is not looked at.
/// Errors name file, line, field and the column in an expression. Fields that T1 does not have are
/// allowed: files in the wild have them.
Result<TuningSpace> ParseTuningSpace(const base::JsonNode& root);

}  // namespace foothold::t1
