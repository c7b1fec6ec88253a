#include "formats/choices.h"

#include <set>

#include "base/check.h"

namespace foothold::formats {

Choices::Choices(const std::vector<RecordedParameter>& parameters) : index_of_(parameters.size()) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (const ParameterValue& value : parameters[i].values) {
      index_of_[i].emplace(value, static_cast<std::uint32_t>(index_of_[i].size()));
    }
  }
}

std::optional<std::uint32_t> Choices::Find(std::size_t parameter,
                                           const ParameterValue& value) const {
  const auto found = index_of_[parameter].find(value);
  if (found == index_of_[parameter].end()) return std::nullopt;
  return found->second;
}

std::vector<RecordedParameter> ParametersOf(const std::vector<std::string>& names,
                                            const std::vector<std::vector<ParameterValue>>& rows) {
  std::vector<RecordedParameter> parameters;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::set<ParameterValue> values;
    for (const auto& row : rows) values.insert(row[i]);
    parameters.push_back({names[i], {values.begin(), values.end()}});
  }
  return parameters;
}

void SetConfigs(const std::vector<RecordedParameter>& parameters,
                const std::vector<std::vector<ParameterValue>>& rows,
                std::vector<RecordedTrial>& trials) {
  const Choices choices(parameters);
  for (std::size_t trial = 0; trial < trials.size(); ++trial) {
    Config config;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const auto choice = choices.Find(i, rows[trial][i]);
      FOOTHOLD_CHECK(choice.has_value(), "the parameters are not of these rows");
      config.choices.push_back(*choice);
    }
    trials[trial].config = std::move(config);
  }
}

}  // namespace foothold::formats
