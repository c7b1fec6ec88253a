#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foothold/export.h"
#include "foothold/status.h"

namespace foothold {

struct DeviceOptions;
struct RepeatOptions;
struct TunerOptions;

/// The value of an option; std::monostate: it has none, such as an unlimited time.
using OptionValue =
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string>;

enum class OptionType {
  kBool,
  kInteger,
  kNumber,
  kText,
  kName,  ///< one of OptionInfo::names
  kPart,  ///< no single value, but a list or a struct of options; only the field itself sets it
};

/// One field of an options struct, as it is declared. Flags of the command, fields in JSON and
/// arguments in Python come from the same declaration.
struct OptionInfo {
  std::string name;  ///< of the field: "max_seconds"
  OptionType type = OptionType::kText;
  OptionValue value;         ///< that the field has now; std::monostate for kPart
  bool is_optional = false;  ///< it may have no value
  std::vector<std::string> names = {};
  std::string unit = {};        ///< "s"; empty where there is none
  std::string values = {};      ///< what the value must be: "a number above 0"; empty for kPart
  std::string help = {};        ///< what it means, in sentences
  bool identifies_run = false;  ///< a log's run with another value of it is another run
};

/// Every field, in the order in which `foothold tune --help` has them, parts last.
FOOTHOLD_EXPORT std::vector<OptionInfo> DescribeOptions(const TunerOptions& options);
FOOTHOLD_EXPORT std::vector<OptionInfo> DescribeOptions(const DeviceOptions& options);
FOOTHOLD_EXPORT std::vector<OptionInfo> DescribeOptions(const RepeatOptions& options);

/// Sets a field by its name. NotFound for an unknown name and for a part, with the name that is
/// likely to be meant; InvalidArgument for a value of another type or out of range: "max_seconds:
/// is -3, must be a number above 0, or none". The field keeps its value then.
FOOTHOLD_EXPORT Status SetOption(TunerOptions& options, std::string_view name,
                                 const OptionValue& value);
FOOTHOLD_EXPORT Status SetOption(DeviceOptions& options, std::string_view name,
                                 const OptionValue& value);
FOOTHOLD_EXPORT Status SetOption(RepeatOptions& options, std::string_view name,
                                 const OptionValue& value);

}  // namespace foothold
