#include <optional>
#include <type_traits>

#include "foothold/options.h"
#include "tune/tuner_options.h"

namespace foothold {
namespace {

OptionValue ToValue(const base::Json& json) {
  if (json.is_bool()) return json.truth();
  if (json.is_string()) return json.string();
  if (const auto number = json.Int64()) return *number;
  if (const auto number = json.Uint64()) return *number;
  if (json.is_number()) return json.number();
  return {};
}

base::Json ToJson(const OptionValue& value) {
  return std::visit(
      [](const auto& held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
          return base::Json();
        } else {
          return base::Json(held);
        }
      },
      value);
}

OptionType TypeOf(const base::Option& option) {
  if (!option.names().empty()) return OptionType::kName;
  return std::visit(
      [](auto* field) {
        using T = std::remove_pointer_t<decltype(field)>;
        if (std::is_same_v<T, bool>) return OptionType::kBool;
        if (std::is_integral_v<T>) return OptionType::kInteger;
        return std::is_same_v<T, std::string> ? OptionType::kText : OptionType::kNumber;
      },
      option.type());
}

template <typename Struct>
std::vector<OptionInfo> Describe(const base::OptionsTable<Struct>& table, const Struct& values) {
  std::vector<OptionInfo> all;
  for (const base::Option& option : table.options()) {
    all.push_back({.name = option.name(),
                   .type = TypeOf(option),
                   .value = ToValue(option.ToJson(&values)),
                   .is_optional = std::holds_alternative<std::optional<double>*>(option.type()),
                   .names = option.names(),
                   .unit = option.unit(),
                   .values = option.TypeAndRange(),
                   .help = option.help(),
                   .identifies_run = option.identifies_run()});
  }
  for (const base::OptionPart& part : table.parts()) {
    all.push_back({.name = part.name,
                   .type = OptionType::kPart,
                   .value = {},
                   .help = part.help,
                   .identifies_run = part.role == base::OptionRole::kIdentifiesRun});
  }
  return all;
}

}  // namespace

std::vector<OptionInfo> DescribeOptions(const TunerOptions& options) {
  return Describe(tune::TunerOptionsTable(), options);
}
std::vector<OptionInfo> DescribeOptions(const DeviceOptions& options) {
  return Describe(measure::DeviceOptionsTable(), options);
}
std::vector<OptionInfo> DescribeOptions(const RepeatOptions& options) {
  return Describe(measure::RepeatOptionsTable(), options);
}

Status SetOption(TunerOptions& options, std::string_view name, const OptionValue& value) {
  return tune::TunerOptionsTable().Set(&options, name, ToJson(value));
}
Status SetOption(DeviceOptions& options, std::string_view name, const OptionValue& value) {
  return measure::DeviceOptionsTable().Set(&options, name, ToJson(value));
}
Status SetOption(RepeatOptions& options, std::string_view name, const OptionValue& value) {
  return measure::RepeatOptionsTable().Set(&options, name, ToJson(value));
}

}  // namespace foothold
