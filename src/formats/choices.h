#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "foothold/recorded_space.h"

namespace foothold::formats {

/// From settings to the choices of a config.
class Choices {
 public:
  explicit Choices(const std::vector<RecordedParameter>& parameters);

  /// The index of the value; nullopt when the parameter does not have it. O(log values).
  std::optional<std::uint32_t> Find(std::size_t parameter, const ParameterValue& value) const;

 private:
  std::vector<std::map<ParameterValue, std::uint32_t>> index_of_;
};

/// For a file that lists configs but no parameters: for each name the values that `rows` give it,
/// whole numbers before other numbers before truth values before texts, each in ascending order. A
/// row has one value per name.
std::vector<RecordedParameter> ParametersOf(const std::vector<std::string>& names,
                                            const std::vector<std::vector<ParameterValue>>& rows);

/// Gives `trials[i]` the config that `rows[i]` stands for. REQUIRES: `parameters` have the values.
void SetConfigs(const std::vector<RecordedParameter>& parameters,
                const std::vector<std::vector<ParameterValue>>& rows,
                std::vector<RecordedTrial>& trials);

}  // namespace foothold::formats
