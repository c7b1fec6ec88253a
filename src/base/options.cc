#include "base/options.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <type_traits>

#include "base/check.h"
#include "base/json.h"
#include "base/similar.h"
#include "base/text.h"

namespace foothold::base {
namespace {

constexpr std::string_view kNone = "none";

template <typename T>
constexpr bool kIsInteger = std::is_integral_v<T> && !std::is_same_v<T, bool>;

/// The whole of `text` as a T; nullopt if it is anything else.
template <typename T>
std::optional<T> Parsed(std::string_view text) {
  if constexpr (std::is_same_v<T, bool>) {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return std::string(text);
  } else if constexpr (std::is_same_v<T, std::optional<double>>) {
    if (text == kNone) return T();
    const std::optional<double> number = Parsed<double>(text);
    return number ? std::optional<T>(number) : std::nullopt;
  } else {
    T value{};
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end) return std::nullopt;
    return value;
  }
}

template <typename T>
std::string Printed(const T& value) {
  if constexpr (std::is_same_v<T, std::optional<double>>) {
    return value ? Printed(*value) : std::string(kNone);
  } else {
    return fmt::format("{}", value);  // doubles: the shortest form that reads back the same
  }
}

/// The value of `json` if it has the type T, numbers without loss.
template <typename T>
std::optional<T> FromJson(const Json& json) {
  if constexpr (std::is_same_v<T, std::optional<double>>) {
    if (json.is_null()) return T();
    const std::optional<double> number = FromJson<double>(json);
    return number ? std::optional<T>(number) : std::nullopt;
  } else if constexpr (kIsInteger<T>) {
    const auto value = [&] {
      if constexpr (std::is_signed_v<T>) {
        return json.Int64();
      } else {
        return json.Uint64();
      }
    }();
    if (!value || !std::in_range<T>(*value)) return std::nullopt;
    return static_cast<T>(*value);
  } else {
    const bool fits = std::is_same_v<T, bool>     ? json.is_bool()
                      : std::is_same_v<T, double> ? json.is_number()
                                                  : json.is_string();
    return fits ? std::optional(json.Get<T>()) : std::nullopt;
  }
}

/// What IsInRange judges; nullopt for what has no range.
template <typename T>
std::optional<long double> Number(const T& value) {
  if constexpr (std::is_same_v<T, std::optional<double>>) {
    return value ? std::optional<long double>(*value) : std::nullopt;
  } else if constexpr (kIsInteger<T> || std::is_same_v<T, double>) {
    return static_cast<long double>(value);
  } else {
    return std::nullopt;
  }
}

template <typename T>
std::string_view TypeName() {
  if constexpr (std::is_same_v<T, bool>) return "true or false";
  if constexpr (std::is_same_v<T, std::string>) return "a text";
  if constexpr (kIsInteger<T>) return "a whole number";
  return "a number";
}

bool IsFieldName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

std::string Option::flag() const {
  std::string flag = "--" + name_;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

bool Option::is_bool() const { return std::holds_alternative<bool*>(type_); }

std::string Option::TypeAndRange() const {
  if (is_named()) {
    const std::span<const std::string> all(named_.names);
    return fmt::format("{} or {}", Joined(all.first(all.size() - 1), ", "), all.back());
  }
  return std::visit(
      [this](auto* field) {
        using T = std::remove_pointer_t<decltype(field)>;
        std::string text(TypeName<T>());
        if (range_.min && range_.max) {
          text += fmt::format(" from {} to {}", *range_.min, *range_.max);
        } else if (range_.min) {
          text += fmt::format(" {} {}", range_.excludes_min ? "above" : "of at least", *range_.min);
        } else if (std::is_unsigned_v<T> && !std::is_same_v<T, bool>) {
          text += " of at least 0";
        }
        if (std::is_same_v<T, std::optional<double>>) text += fmt::format(", or {}", kNone);
        return text;
      },
      type_);
}

std::string Option::Text(const void* options) const {
  if (is_named()) return named_.names.at(named_.get(options));
  return std::visit([](auto* field) { return Printed(*field); }, At(options));
}

bool Option::IsInRange(long double value) const {
  if (!std::isfinite(value)) return false;
  if (range_.min && (range_.excludes_min ? value <= *range_.min : value < *range_.min))
    return false;
  return !range_.max || value <= *range_.max;
}

Status Option::Wrong(std::string_view text) const {
  return Status::InvalidArgument(fmt::format(
      "is {}, must be {}", text.empty() ? "empty" : OneLine(std::string(text)), TypeAndRange()));
}

Status Option::SetName(void* options, std::string_view name) const {
  const auto found = std::find(named_.names.begin(), named_.names.end(), name);
  if (found == named_.names.end()) return Wrong(name);
  named_.set(options, static_cast<std::size_t>(found - named_.names.begin()));
  return {};
}

Status Option::SetText(void* options, std::string_view text) const {
  if (is_named()) return SetName(options, text);
  return std::visit(
      [&](auto* field) -> Status {
        const auto value = Parsed<std::remove_pointer_t<decltype(field)>>(text);
        if (!value) return Wrong(text);
        const std::optional<long double> number = Number(*value);
        if (number && !IsInRange(*number)) return Wrong(text);
        *field = *value;
        return {};
      },
      access_(options));
}

Json Option::ToJson(const void* options) const {
  if (is_named()) return Text(options);
  return std::visit([](auto* field) { return Json(*field); }, At(options));
}

Status Option::SetValue(void* options, const Json& json) const {
  if (is_named()) {
    const bool known = json.is_string() && SetName(options, json.string()).ok();
    return known ? Status() : Wrong(json.Dump());
  }
  return std::visit(
      [&](auto* field) -> Status {
        const auto value = FromJson<std::remove_pointer_t<decltype(field)>>(json);
        const std::optional<long double> number = value ? Number(*value) : std::nullopt;
        if (!value || (number && !IsInRange(*number))) return Wrong(json.Dump());
        *field = *value;
        return {};
      },
      access_(options));
}

Status Option::Check(const void* options) const {
  if (is_named()) {
    const bool known = named_.get(options) < named_.names.size();
    return known ? Status() : Wrong("no value with a name");
  }
  return std::visit(
      [&](auto* field) -> Status {
        const std::optional<long double> number = Number(*field);
        return number && !IsInRange(*number) ? Wrong(Printed(*field)) : Status();
      },
      At(options));
}

namespace internal {

void CheckOptionCanJoin(const std::vector<Option>& options, const Option& option,
                        const void* defaults) {
  FOOTHOLD_CHECK(IsFieldName(option.name()), option.name());
  for (const Option& other : options) FOOTHOLD_CHECK(other.name() != option.name(), option.name());
  FOOTHOLD_CHECK(option.Check(defaults).ok(), option.name());
}

Result<const Option*> FindOption(const std::vector<Option>& options,
                                 const std::vector<OptionPart>& parts, std::string_view name) {
  std::vector<std::string> known;
  for (const Option& option : options) {
    if (option.name() == name) return &option;
    known.push_back(option.name());
  }
  for (const OptionPart& part : parts) known.push_back(part.name);
  return Status::NotFound(fmt::format("no option is named '{}'{}", name, DidYouMean(name, known)));
}

Status CheckOptions(const std::vector<Option>& options, const void* values) {
  for (const Option& option : options) {
    const Status status = option.Check(values);
    if (!status.ok()) {
      return Status::InvalidArgument(fmt::format("{}: {}", option.name(), status.message()));
    }
  }
  return {};
}

}  // namespace internal
}  // namespace foothold::base
