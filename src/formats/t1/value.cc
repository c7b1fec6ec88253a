#include "formats/t1/value.h"

#include <fmt/core.h>

namespace foothold::t1 {
namespace {

std::string Number(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string ListText(const Value::List& list) {
  std::string text = "[";
  for (const Value& element : list) {
    if (text.size() > 1) text += ", ";
    const auto* quoted = std::get_if<std::string>(&element.held);
    text += quoted != nullptr ? "'" + *quoted + "'" : ToText(element);
  }
  return text + "]";
}

}  // namespace

std::string ToText(const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value.held)) return *truth ? "True" : "False";
  if (const auto* whole = std::get_if<std::int64_t>(&value.held)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value.held)) return Number(*number);
  if (const auto* text = std::get_if<std::string>(&value.held)) return *text;
  return ListText(std::get<Value::List>(value.held));
}

const char* KindOf(const Value& value) {
  static constexpr const char* kNames[] = {"truth value", "whole number", "number", "text", "list"};
  return kNames[value.held.index()];
}

}  // namespace foothold::t1
