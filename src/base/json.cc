#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "base/json_sax.h"

namespace foothold {
namespace {

/// `text` cut to `limit` bytes, never inside a UTF-8 character.
std::string Shortened(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit) + "...";
}

std::string Described(const nlohmann::json& value) {
  if (value.is_array()) return fmt::format("an array of {} elements", value.size());
  if (value.is_object()) return "an object";
  return Shortened(value.dump(), 60);
}

}  // namespace

struct JsonNode::Document {
  nlohmann::json root;
  std::string path;
  int first_line;
  std::string text;  // empty when it is a single line: then first_line says all
};

JsonNode::JsonNode(std::shared_ptr<const Document> document, const nlohmann::json* value,
                   std::string pointer)
    : document_(std::move(document)), value_(value), pointer_(std::move(pointer)) {}

Result<JsonNode> JsonNode::Parse(std::string_view text, std::string_view path, int first_line) {
  internal::DocumentBuilder builder;
  if (!builder.Build(text)) {
    const std::string_view before = text.substr(0, std::min(builder.error_offset(), text.size()));
    const auto line = first_line + std::count(before.begin(), before.end(), '\n');
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 == 0
    return Status::InvalidArgument(
        fmt::format("{}:{}:{}: {}", path, line, before.size() - line_start + 1, builder.error()));
  }
  auto document = std::make_shared<Document>();
  document->root = builder.TakeRoot();
  document->path = path;
  document->first_line = first_line;
  if (text.find('\n') != std::string_view::npos) document->text = text;
  const nlohmann::json* root = &document->root;
  return JsonNode(std::move(document), root, "");
}

Result<std::int64_t> JsonNode::Int64(std::int64_t min, std::int64_t max) const {
  using Limits = std::numeric_limits<std::int64_t>;
  // The parser stores what is not negative as unsigned.
  const bool fits = value_->is_number_unsigned()
                        ? std::in_range<std::int64_t>(value_->get<std::uint64_t>())
                        : value_->is_number_integer();
  if (fits) {
    const auto value = value_->get<std::int64_t>();
    if (value >= min && value <= max) return value;
  }
  if (min == Limits::min() && max == Limits::max()) return TypeError("a whole number of 64 bits");
  if (max == Limits::max()) return TypeError(fmt::format("a whole number of at least {}", min));
  return TypeError(fmt::format("a whole number from {} to {}", min, max));
}

Result<double> JsonNode::Number() const {
  if (!value_->is_number()) return TypeError("a number");
  return value_->get<double>();
}

Result<bool> JsonNode::Bool() const {
  if (!value_->is_boolean()) return TypeError("true or false");
  return value_->get<bool>();
}

Result<std::string> JsonNode::String() const {
  if (!value_->is_string()) return TypeError("a string");
  return value_->get<std::string>();
}

Result<std::vector<JsonNode>> JsonNode::Array() const {
  if (!value_->is_array()) return TypeError("an array");
  std::vector<JsonNode> elements;
  elements.reserve(value_->size());
  for (const nlohmann::json& element : *value_) {
    elements.push_back(JsonNode(
        document_, &element, internal::ExtendPointer(pointer_, std::to_string(elements.size()))));
  }
  return elements;
}

Result<JsonObject> JsonNode::Object() const {
  if (!value_->is_object()) return TypeError("an object");
  return JsonObject(*this);
}

std::string JsonNode::Where() const {
  int line = document_->first_line;
  if (!document_->text.empty()) line += internal::LineBreaksBefore(document_->text, pointer_);
  std::string where = fmt::format("{}:{}", document_->path, line);
  if (!pointer_.empty()) where += ": " + internal::DottedForm(document_->root, pointer_);
  return where;
}

Status JsonNode::Error(std::string_view problem) const {
  return Status::InvalidArgument(fmt::format("{}: {}", Where(), problem));
}

Status JsonNode::TypeError(std::string_view wanted) const {
  return Error(fmt::format("is {}, must be {}", Described(*value_), wanted));
}

std::optional<JsonNode> JsonObject::Find(const std::string& field) {
  if (std::find(asked_.begin(), asked_.end(), field) == asked_.end()) asked_.push_back(field);
  const auto found = node_.value_->find(field);
  if (found == node_.value_->end()) return std::nullopt;
  return JsonNode(node_.document_, &*found, internal::ExtendPointer(node_.pointer_, field));
}

Result<JsonNode> JsonObject::Require(const std::string& field) {
  if (std::optional<JsonNode> found = Find(field)) return *std::move(found);
  // Where() of the object, with the missing field's name in the place of the object's.
  const std::string object = node_.Where();
  const bool is_root = node_.pointer_.empty();
  return Status::InvalidArgument(
      fmt::format("{}{}{}: is missing", object, is_root ? ": " : ".", field));
}

Status JsonObject::RejectUnknown() const {
  for (const auto& [field, value] : node_.value_->items()) {
    if (std::find(asked_.begin(), asked_.end(), field) != asked_.end()) continue;
    const JsonNode unknown(node_.document_, &value, internal::ExtendPointer(node_.pointer_, field));
    return unknown.Error(
        asked_.empty() ? std::string("is unknown; no field may stand here")
                       : fmt::format("is unknown; the fields are {}", fmt::join(asked_, ", ")));
  }
  return {};
}

}  // namespace foothold
