// JsonNode must take or refuse any bytes without harm, agree with the library's own parser on what
// it takes, and complain in one printable line.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
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
  FOOTHOLD_CHECK(nlohmann::json::accept(
      nlohmann::json(message).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
  FOOTHOLD_CHECK(
      nlohmann::json(message).dump(-1, ' ', false, nlohmann::json::error_handler_t::ignore) ==
          nlohmann::json(message).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
      "the message is not UTF-8");
}

/// Reads the value as everything that it may be.
void Walk(const foothold::JsonNode& node) {
  ExpectOnePrintableLine(node.Error("is looked at"));
  const foothold::Result<std::int64_t> number = node.Int64(-100, 100);
  if (number.ok()) {
    FOOTHOLD_CHECK(node.raw() == *number);
  } else {
    ExpectOnePrintableLine(number.status());
  }
  FOOTHOLD_CHECK(node.Number().ok() == node.raw().is_number());
  FOOTHOLD_CHECK(node.Bool().ok() == node.raw().is_boolean());
  FOOTHOLD_CHECK(node.String().ok() == node.raw().is_string());
  if (const auto elements = node.Array(); elements.ok()) {
    FOOTHOLD_CHECK(elements->size() == node.raw().size());
    for (const foothold::JsonNode& element : *elements) Walk(element);
  }
  if (auto object = node.Object(); object.ok()) {
    if (!node.raw().empty()) ExpectOnePrintableLine(object->RejectUnknown());
    for (const auto& [field, value] : node.raw().items()) Walk(*object->Require(field));
    FOOTHOLD_CHECK(object->RejectUnknown().ok());
    if (!node.raw().contains("absent")) ExpectOnePrintableLine(object->Require("absent").status());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto node = foothold::JsonNode::Parse(text, "fuzz.json", 3);
  if (!node.ok()) {
    ExpectOnePrintableLine(node.status());
    return 0;
  }
  FOOTHOLD_CHECK(nlohmann::json::accept(text), "the library refuses what we take");
  FOOTHOLD_CHECK(nlohmann::json::parse(text) == node->raw());
  Walk(*node);
  return 0;
}
