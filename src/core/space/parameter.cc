#include <fmt/core.h>

#include "base/check.h"
#include "base/json.h"
#include "foothold/space.h"

namespace foothold {

std::string ValueText(const ParameterValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "True" : "False";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  return base::Json(std::get<double>(value)).Dump({.numbers = base::JsonStyle::Numbers::kPython});
}

std::string ToString(const std::vector<Parameter>& parameters, const Config& config) {
  FOOTHOLD_CHECK(config.choices.size() == parameters.size(), "the config is of another space");
  std::string text;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string value = ValueText(parameters[i].ValueAt(config.choices[i]));
    text += fmt::format("{}{}={}", i == 0 ? "" : " ", parameters[i].name, value);
  }
  return text;
}

}  // namespace foothold
