// JsonNode must take or refuse any bytes without harm, write what it takes so that it reads back,
// and complain in one printable line.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/json.h"

namespace {

void ExpectOnePrintableLine(const foothold::Status& status) {
  FOOTHOLD_CHECK(!status.ok());
  const std::string& message = status.message();
  FOOTHOLD_CHECK(message.rfind("fuzz.json:", 0) == 0, message);
  FOOTHOLD_CHECK(message.find('\n') == std::string::npos, message);
  const auto again = foothold::base::Json::Parse(foothold::base::Json(message).Dump());
  FOOTHOLD_CHECK(again.ok() && *again == message, "the message is not UTF-8");
}

/// Reads the value as everything that it may be.
void Walk(const foothold::base::JsonNode& node) {
  ExpectOnePrintableLine(node.Error("is looked at"));
  const foothold::Result<std::int64_t> number = node.Int64(-100, 100);
  if (number.ok()) {
    FOOTHOLD_CHECK(node.value() == *number);
  } else {
    ExpectOnePrintableLine(number.status());
  }
  FOOTHOLD_CHECK(node.Number().ok() == node.value().is_number());
  FOOTHOLD_CHECK(node.Bool().ok() == node.value().is_bool());
  FOOTHOLD_CHECK(node.String().ok() == node.value().is_string());
  if (const auto elements = node.Array(); elements.ok()) {
    FOOTHOLD_CHECK(elements->size() == node.value().size());
    for (const foothold::base::JsonNode& element : *elements) Walk(element);
  }
  if (auto object = node.Object(); object.ok()) {
    if (!node.value().empty()) ExpectOnePrintableLine(object->RejectUnknown());
    const auto members = node.Members();
    FOOTHOLD_CHECK(members.ok() && members->size() == node.value().size());
    for (const auto& [field, value] : *members) {
      FOOTHOLD_CHECK(&object->Require(field)->value() == &value.value());
      Walk(value);
    }
    FOOTHOLD_CHECK(object->RejectUnknown().ok());
    if (!node.value().contains("absent")) {
      ExpectOnePrintableLine(object->Require("absent").status());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto node = foothold::base::JsonNode::Parse(text, "fuzz.json", 3);
  if (!node.ok()) {
    ExpectOnePrintableLine(node.status());
    return 0;
  }
  using Numbers = foothold::base::JsonStyle::Numbers;
  for (const foothold::base::JsonStyle style :
       {foothold::base::JsonStyle{},
        foothold::base::JsonStyle{.indent = 2, .numbers = Numbers::kShort},
        foothold::base::JsonStyle{
            .spaced = true, .ascii_only = true, .numbers = Numbers::kPython}}) {
    const auto again = foothold::base::Json::Parse(node->value().Dump(style));
    FOOTHOLD_CHECK(again.ok(), again.status().message());
    FOOTHOLD_CHECK(*again == node->value(), "reads back to something else");
  }
  Walk(*node);
  return 0;
}
