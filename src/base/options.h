#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"
#include "foothold/status.h"

namespace foothold::base {

/// The values that a number option may take, ends included unless said otherwise. Ends are compared
/// exactly up to 2^53.
struct OptionRange {
  std::optional<double> min;
  std::optional<double> max;
  bool excludes_min = false;

  static OptionRange Any() { return {}; }
  static OptionRange AtLeast(double min) { return {min, std::nullopt, false}; }
  static OptionRange Above(double min) { return {min, std::nullopt, true}; }
  static OptionRange Between(double min, double max) { return {min, max, false}; }
};

/// Whether a run with another value of the option is another run, because its trials differ.
enum class OptionRole { kFree, kIdentifiesRun };

/// How an option that is one of several named values is read and set.
struct NamedValues {
  std::vector<std::string> names;
  std::function<std::size_t(const void* options)> get;  ///< place of the value in `names`
  std::function<void(void* options, std::size_t place)> set;
};

/// A field of an options struct that is no single value, and so no flag: a list, or a struct with a
/// table of its own.
struct OptionPart {
  std::string name;
  std::string help;
  OptionRole role = OptionRole::kFree;
};

/// One field of an options struct. From it come its flag, its JSON field, its argument in Python,
/// its line in the docs, and whether it identifies a run.
class Option {
 public:
  /// Where the field is in a given struct, and of what type.
  using Field = std::variant<bool*, int*, std::int64_t*, std::uint64_t*, double*, std::string*,
                             std::optional<double>*>;
  using Access = std::function<Field(void* options)>;

  /// `type` is a null pointer of the field's type.
  Option(std::string name, std::string unit, std::string help, OptionRole role, OptionRange range,
         Field type, Access access)
      : name_(std::move(name)),
        unit_(std::move(unit)),
        help_(std::move(help)),
        role_(role),
        range_(range),
        type_(type),
        access_(std::move(access)) {}

  /// An option that is one of several named values.
  Option(std::string name, std::string help, OptionRole role, NamedValues values)
      : name_(std::move(name)), help_(std::move(help)), role_(role), named_(std::move(values)) {}

  /// "max_seconds": the field of the struct and of JSON, and the argument in Python.
  const std::string& name() const { return name_; }
  /// "--max-seconds".
  std::string flag() const;
  /// "s"; empty where there is none.
  const std::string& unit() const { return unit_; }
  /// What it means, in sentences.
  const std::string& help() const { return help_; }
  bool identifies_run() const { return role_ == OptionRole::kIdentifiesRun; }
  /// Of what type it is, where it is not one of several names.
  const Field& type() const { return type_; }
  /// The names that it is one of; empty for any other option.
  const std::vector<std::string>& names() const { return named_.names; }
  /// "a number above 0", "true or false": what the value must be.
  std::string TypeAndRange() const;
  bool is_bool() const;

  /// The field's value, in the form that SetText reads; "none" for an optional without one.
  std::string Text(const void* options) const;
  /// Sets the field; on failure it keeps its value and the message is "is ..., must be ...".
  Status SetText(void* options, std::string_view text) const;
  /// null for an optional without a value.
  Json ToJson(const void* options) const;
  /// Sets the field from what ToJson gives; on failure it keeps its value and the message is
  /// "is ..., must be ...".
  Status SetValue(void* options, const Json& value) const;
  /// The status of the value that the field has now: "is ..., must be ...".
  Status Check(const void* options) const;

 private:
  /// The field of a struct that is only read, and the field's type where the struct does not
  /// matter.
  Field At(const void* options) const { return access_(const_cast<void*>(options)); }
  bool IsInRange(long double value) const;
  bool is_named() const { return !named_.names.empty(); }
  Status SetName(void* options, std::string_view name) const;
  Status Wrong(std::string_view text) const;

  std::string name_;
  std::string unit_;
  std::string help_;
  OptionRole role_;
  OptionRange range_;
  Field type_ = static_cast<std::string*>(nullptr);
  Access access_;
  NamedValues named_;  ///< the option is one of them, unless there are none
};

namespace internal {
void CheckOptionCanJoin(const std::vector<Option>& options, const Option& option,
                        const void* defaults);
Result<const Option*> FindOption(const std::vector<Option>& options,
                                 const std::vector<OptionPart>& parts, std::string_view name);
Status CheckOptions(const std::vector<Option>& options, const void* values);
}  // namespace internal

/// The fields of the plain struct `Struct`, each declared once:
///
///     const OptionsTable<TunerOptions>& TunerOptionsTable() {
///       static const OptionsTable<TunerOptions> table =
///           OptionsTable<TunerOptions>()
///               .Add("trials", &TunerOptions::trials, "", OptionRange::AtLeast(1), "Stop after
///               ...") .Add("timeout_s", &TunerOptions::timeout_s, "s", OptionRange::Above(0), "Of
///               one run");
///       return table;
///     }
///
/// Defaults are those of a default-constructed Struct. A command line binds options() one by one
/// through flag(), Text() and SetText(). Immutable once built, and then safe to share.
template <typename Struct>
class OptionsTable {
 public:
  /// Fields of type bool, int, std::int64_t, std::uint64_t, double, std::string and
  /// std::optional<double>. REQUIRES: a new name in lower case with underscores, and a default in
  /// range.
  template <typename T>
  OptionsTable& Add(std::string name, T Struct::*field, std::string unit, OptionRange range,
                    std::string help, OptionRole role = OptionRole::kFree) {
    Option option(std::move(name), std::move(unit), std::move(help), role, range,
                  static_cast<T*>(nullptr), [field](void* options) -> Option::Field {
                    return &(static_cast<Struct*>(options)->*field);
                  });
    internal::CheckOptionCanJoin(options_, option, &defaults_);
    options_.push_back(std::move(option));
    return *this;
  }

  /// A field of an enum type whose values have names by ToString(). REQUIRES: as Add, and the
  /// default is among `values`.
  template <typename T>
  OptionsTable& AddNamed(std::string name, T Struct::*field, const std::vector<T>& values,
                         std::string help, OptionRole role = OptionRole::kFree) {
    NamedValues named;
    for (const T value : values) named.names.emplace_back(ToString(value));
    named.get = [field, values](const void* options) {
      const T value = static_cast<const Struct*>(options)->*field;
      return static_cast<std::size_t>(std::find(values.begin(), values.end(), value) -
                                      values.begin());
    };
    named.set = [field, values](void* options, std::size_t place) {
      static_cast<Struct*>(options)->*field = values[place];
    };
    Option option(std::move(name), std::move(help), role, std::move(named));
    internal::CheckOptionCanJoin(options_, option, &defaults_);
    options_.push_back(std::move(option));
    return *this;
  }

  /// A field that is no single value.
  OptionsTable& AddPart(std::string name, std::string help, OptionRole role = OptionRole::kFree) {
    parts_.push_back({std::move(name), std::move(help), role});
    return *this;
  }

  /// In the order of declaration.
  const std::vector<Option>& options() const { return options_; }
  const std::vector<OptionPart>& parts() const { return parts_; }

  /// Sets the option `name` of `*values`. NotFound for an unknown name; a wrong value reads
  /// "max_seconds: is -3, must be a number above 0".
  Status Set(Struct* values, std::string_view name, const Json& value) const {
    FOOTHOLD_ASSIGN_OR_RETURN(const Option* option, internal::FindOption(options_, parts_, name));
    const Status status = option->SetValue(values, value);
    if (status.ok()) return status;
    return {status.code(), option->name() + ": " + status.message()};
  }
  /// As Set, from a text; the message names the flag: "--max-seconds: is -3, ...".
  Status SetText(Struct* values, std::string_view name, std::string_view text) const {
    FOOTHOLD_ASSIGN_OR_RETURN(const Option* option, internal::FindOption(options_, parts_, name));
    const Status status = option->SetText(values, text);
    if (status.ok()) return status;
    return {status.code(), option->flag() + ": " + status.message()};
  }
  /// InvalidArgument for the first option out of range: "trials: is 0, must be ...".
  Status Check(const Struct& values) const { return internal::CheckOptions(options_, &values); }

 private:
  Struct defaults_{};
  std::vector<Option> options_;
  std::vector<OptionPart> parts_;
};

}  // namespace foothold::base
