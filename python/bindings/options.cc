// TunerOptions, DeviceOptions and RepeatOptions: attributes, keyword arguments and docs as the
// library declares them.
#include "foothold/options.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "bindings/values.h"
#include "foothold/tuner.h"

namespace foothold::python {
namespace {

using Options = std::vector<OptionInfo>;

/// "IGNORE_CHANGES" for the value "ignore-changes".
std::string MemberName(std::string value) {
  std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return value;
}

/// The enum that an option's values are members of: Knowledge for knowledge.
py::object EnumOf(const OptionInfo& option) {
  std::string name = option.name;
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return py::module_::import("foothold._core").attr(name.c_str());
}

py::object ToPython(const OptionInfo& option) {
  if (option.type != OptionType::kName) return py::cast(option.value);
  return EnumOf(option).attr(MemberName(std::get<std::string>(option.value)).c_str());
}

/// The text of the value that a member of the option's enum stands for; nullopt for what is none.
std::optional<std::string> NameOf(const OptionInfo& option, const py::handle& given) {
  if (option.type != OptionType::kName || !py::isinstance(given, EnumOf(option))) return {};
  const auto member = given.attr("name").cast<std::string>();
  const auto found = std::find_if(option.names.begin(), option.names.end(),
                                  [&](const std::string& n) { return MemberName(n) == member; });
  return found == option.names.end() ? member : *found;
}

OptionValue ToOptionValue(const OptionInfo& option, const py::handle& given) {
  if (given.is_none()) return {};
  if (const auto name = NameOf(option, given)) return *name;
  // A seed may have 64 bits, which is more than a parameter's value has.
  const bool is_integer = py::isinstance<py::int_>(given) && !py::isinstance<py::bool_>(given);
  if (is_integer && given > py::int_(0)) {
    if (given <= py::int_(~std::uint64_t{0})) return given.cast<std::uint64_t>();
    throw py::value_error(option.name + ": is " + TextOf(given) + ", must be " + option.values);
  }
  return std::visit([](const auto& held) { return OptionValue(held); },
                    ToValue(given, option.name + ":"));
}

/// Whether `value` is of the option's type, in range or not.
bool IsOfType(const OptionInfo& option, const OptionValue& value) {
  const bool is_integer =
      std::holds_alternative<std::int64_t>(value) || std::holds_alternative<std::uint64_t>(value);
  switch (option.type) {
    case OptionType::kBool:
      return std::holds_alternative<bool>(value);
    case OptionType::kInteger:
      return is_integer;
    case OptionType::kNumber:
      return is_integer || std::holds_alternative<double>(value);
    case OptionType::kText:
    case OptionType::kName:
      return std::holds_alternative<std::string>(value);
    case OptionType::kPart:
      break;
  }
  return false;
}

template <typename Struct>
void Set(Struct& options, const OptionInfo& option, const py::handle& given) {
  const OptionValue value = ToOptionValue(option, given);
  const Status status = SetOption(options, option.name, value);
  if (!status.ok() && !IsOfType(option, value)) throw py::type_error(status.message());
  RaiseUnlessOk(status);
}

template <typename Struct>
OptionInfo Find(const Struct& options, const std::string& name) {
  const Options all = DescribeOptions(options);
  return *std::find_if(all.begin(), all.end(),
                       [&](const OptionInfo& option) { return option.name == name; });
}

/// "Time limit of one run. Must be a number above 0 (s).": what an attribute's doc says.
std::string DocOf(const OptionInfo& option) {
  std::string doc = option.help;
  if (option.identifies_run) doc += " Another value starts a new run.";
  if (option.type == OptionType::kPart) return doc;
  const std::string unit = option.unit.empty() ? "" : " (" + option.unit + ")";
  return doc + " Must be " + option.values + unit + ".";
}

/// For python/write_stubs.py.
py::list TableOf(const Options& options) {
  static const std::map<OptionType, const char*> kTypes = {
      {OptionType::kBool, "bool"}, {OptionType::kInteger, "int"}, {OptionType::kNumber, "float"},
      {OptionType::kText, "str"},  {OptionType::kName, "name"},   {OptionType::kPart, "part"}};
  py::list table;
  for (const OptionInfo& option : options) {
    py::dict row;
    row["name"] = option.name;
    row["type"] = kTypes.at(option.type);
    row["default"] = option.value;
    row["is_optional"] = option.is_optional;
    row["names"] = option.names;
    row["identifies_run"] = option.identifies_run;
    table.append(row);
  }
  return table;
}

/// Keyword arguments are attributes, so that a misspelt one is an error.
template <typename Struct>
Struct FromKeywords(const py::kwargs& arguments) {
  const Options known = DescribeOptions(Struct{});
  py::object self = py::cast(Struct{});
  for (const auto& [key, value] : arguments) {
    const std::string name = py::str(key);
    const bool is_known = std::any_of(
        known.begin(), known.end(), [&](const OptionInfo& option) { return option.name == name; });
    if (!is_known) {
      Struct unset;
      throw py::type_error(SetOption(unset, name, {}).message());
    }
    self.attr(key) = value;
  }
  return self.cast<Struct>();
}

/// The class with everything that DescribeOptions has, parts excepted.
template <typename Struct>
py::class_<Struct> DefineStruct(py::module_& module, const char* name, const std::string& doc) {
  const Options options = DescribeOptions(Struct{});
  py::class_<Struct> defined(module, name, doc.c_str());
  defined.def(py::init(&FromKeywords<Struct>));
  for (const OptionInfo& option : options) {
    if (option.type == OptionType::kPart) continue;
    defined.def_property(
        option.name.c_str(),
        [name = option.name](const Struct& self) { return ToPython(Find(self, name)); },
        [name = option.name](Struct& self, const py::object& value) {
          Set(self, Find(self, name), value);
        },
        DocOf(option).c_str());
  }
  defined.attr("_options") = TableOf(options);
  return defined;
}

}  // namespace

void DefineOptions(py::module_& module) {
  const TunerOptions defaults;
  const auto doc = [&](const char* part) { return DocOf(Find(defaults, part)); };
  DefineStruct<DeviceOptions>(module, "DeviceOptions", doc("device"));
  DefineStruct<RepeatOptions>(module, "RepeatOptions", doc("repeats"));
  DefineStruct<TunerOptions>(module, "TunerOptions", "Budgets and settings of tune().")
      .def_readwrite("earlier_runs", &TunerOptions::earlier_runs, doc("earlier_runs").c_str())
      .def_readwrite("depends", &TunerOptions::depends, doc("depends").c_str())
      .def_readwrite("device", &TunerOptions::device, doc("device").c_str())
      .def_readwrite("repeats", &TunerOptions::repeats, doc("repeats").c_str());
}

}  // namespace foothold::python
