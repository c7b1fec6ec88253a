#include "formats/t1/value.h"

#include "foothold/space.h"

namespace foothold::t1 {
namespace {

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
  return std::visit(
      [](const auto& held) {
        if constexpr (std::is_constructible_v<ParameterValue, decltype(held)>) {
          return ValueText(held);
        } else {
          return ListText(held);
        }
      },
      value.held);
}

const char* KindOf(const Value& value) {
  static constexpr const char* kNames[] = {"truth value", "whole number", "number", "text", "list"};
  return kNames[value.held.index()];
}

}  // namespace foothold::t1
