// Values of a file that know where they stand.
#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/json.h"
#include "base/terminal_text.h"
#include "base/text.h"
#include "base/utf8.h"

namespace foothold::base {
namespace {

std::string Described(const Json& value) {
  if (value.is_array()) return fmt::format("an array of {} elements", value.size());
  if (value.is_object()) return "an object";
  return Shortened(value.Dump(), 60);
}

bool IsPlainName(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// Finds `target` below `at`; if it is there, `way` gets the steps to it, the last one first: ".h",
/// "[2]", ".workloads". A key with characters outside [A-Za-z0-9_-] is written ["key"].
bool FindWay(const Json* target, const Json& at, std::vector<std::string>& way) {
  if (&at == target) return true;
  if (at.is_array()) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      if (!FindWay(target, at[i], way)) continue;
      way.push_back(fmt::format("[{}]", i));
      return true;
    }
  } else if (at.is_object()) {
    for (const auto& [name, value] : at.members()) {
      if (!FindWay(target, value, way)) continue;
      way.push_back(IsPlainName(name) ? "." + name : "[" + Json(name).Dump() + "]");
      return true;
    }
  }
  return false;
}

}  // namespace

struct JsonNode::Document {
  Json root;
  std::string path;
};

Result<JsonNode> JsonNode::Parse(std::string_view text, std::string_view path, int first_line) {
  FOOTHOLD_ASSIGN_OR_RETURN(Json root, Json::Parse(text, path, first_line));
  auto document = std::make_shared<Document>();
  document->root = std::move(root);
  document->path = path;
  const Json* value = &document->root;
  return JsonNode(std::move(document), value);
}

Result<std::int64_t> JsonNode::Int64(std::int64_t min, std::int64_t max) const {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::optional<std::int64_t> value = value_->Int64();
  if (value && *value >= min && *value <= max) return *value;
  if (min == Limits::min() && max == Limits::max()) return TypeError("a whole number of 64 bits");
  if (max == Limits::max()) return TypeError(fmt::format("a whole number of at least {}", min));
  return TypeError(fmt::format("a whole number from {} to {}", min, max));
}

Result<double> JsonNode::Number() const {
  if (!value_->is_number()) return TypeError("a number");
  return value_->number();
}

Result<bool> JsonNode::Bool() const {
  if (!value_->is_bool()) return TypeError("true or false");
  return value_->truth();
}

Result<std::string> JsonNode::String() const {
  if (!value_->is_string()) return TypeError("a string");
  return value_->string();
}

Result<std::vector<JsonNode>> JsonNode::Array() const {
  if (!value_->is_array()) return TypeError("an array");
  std::vector<JsonNode> elements;
  elements.reserve(value_->size());
  for (const Json& element : value_->elements()) elements.push_back(JsonNode(document_, &element));
  return elements;
}

Result<JsonObject> JsonNode::Object() const {
  if (!value_->is_object()) return TypeError("an object");
  return JsonObject(*this);
}

Result<std::vector<std::pair<std::string, JsonNode>>> JsonNode::Members() const {
  if (!value_->is_object()) return TypeError("an object");
  std::vector<std::pair<std::string, JsonNode>> members;
  members.reserve(value_->size());
  for (const auto& [name, value] : value_->members()) {
    members.emplace_back(name, JsonNode(document_, &value));
  }
  return members;
}

std::string JsonNode::Where() const {
  std::vector<std::string> way;
  FOOTHOLD_CHECK(FindWay(value_, document_->root, way));
  std::string field;
  for (auto step = way.rbegin(); step != way.rend(); ++step) field += *step;
  if (field.starts_with('.')) field.erase(0, 1);
  return fmt::format("{}:{}{}{}", document_->path, value_->line_, field.empty() ? "" : ": ", field);
}

Status JsonNode::Error(std::string_view problem) const {
  // Names and values come from the file, line breaks and all; an error is one line.
  return Status::InvalidArgument(TerminalText(fmt::format("{}: {}", Where(), problem)));
}

Status JsonNode::TypeError(std::string_view wanted) const {
  return Error(fmt::format("is {}, must be {}", Described(*value_), wanted));
}

std::optional<JsonNode> JsonObject::Find(std::string_view field) {
  if (std::find(asked_.begin(), asked_.end(), field) == asked_.end()) asked_.emplace_back(field);
  const Json* found = node_.value_->Find(field);
  if (found == nullptr) return std::nullopt;
  return JsonNode(node_.document_, found);
}

Result<JsonNode> JsonObject::Require(std::string_view field) {
  if (std::optional<JsonNode> found = Find(field)) return *std::move(found);
  // Where() of the object, with the missing field's name in the place of the object's.
  const std::string object = node_.Where();
  const bool is_root = node_.value_ == &node_.document_->root;
  return Status::InvalidArgument(
      fmt::format("{}{}{}: is missing", object, is_root ? ": " : ".", field));
}

Status JsonObject::RejectUnknown() const {
  for (const auto& [name, value] : node_.value_->members()) {
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    return JsonNode(node_.document_, &value)
        .Error(asked_.empty() ? std::string("is unknown; no field may stand here")
                              : fmt::format("is unknown; the fields are {}", Joined(asked_, ", ")));
  }
  return {};
}

}  // namespace foothold::base
