#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>  // include <nlohmann/json.hpp> yourself to use raw() or to write
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"

namespace foothold {

class JsonObject;

/// A value in a parsed JSON text that knows where it stands, so that every complaint can name file,
/// line and field. Cheap to copy; keeps its document alive. Immutable, and safe to share between
/// threads.
///
/// A line is the line of a member's key or of an element's first character. It is searched for only
/// when Where() asks: good input pays nothing for it, and a complaint costs one pass over the text.
class JsonNode {
 public:
  /// Objects and arrays may nest this deep; deeper input is an error.
  static constexpr int kMaxDepth = 64;

  /// Parses all of `text`; the error reads "path:line:column: problem". Errors are: text that is
  /// not JSON (RFC 8259), anything after the value, duplicate keys, invalid UTF-8, numbers beyond a
  /// double, and nesting beyond kMaxDepth. `first_line` is the line number of the text's first
  /// line, for JSON Lines files.
  static Result<JsonNode> Parse(std::string_view text, std::string_view path, int first_line = 1);

  /// Each of these fails with "path:line: field: is ..., must be ..." when the value is of another
  /// type or range.
  Result<std::int64_t> Int64(std::int64_t min, std::int64_t max) const;
  Result<double> Number() const;
  Result<bool> Bool() const;
  Result<std::string> String() const;
  Result<std::vector<JsonNode>> Array() const;
  Result<JsonObject> Object() const;

  /// "path:line: field" with the field in dotted form ("workloads[2].kernel_h"); "path:line" at the
  /// root.
  std::string Where() const;
  /// InvalidArgument: Where() + ": " + problem.
  Status Error(std::string_view problem) const;

  const nlohmann::json& raw() const { return *value_; }

 private:
  friend class JsonObject;
  struct Document;
  JsonNode(std::shared_ptr<const Document> document, const nlohmann::json* value,
           std::string pointer);
  /// "is <the value, shortened>, must be <wanted>".
  Status TypeError(std::string_view wanted) const;

  std::shared_ptr<const Document> document_;
  const nlohmann::json* value_;
  std::string pointer_;  // RFC 6901
};

/// The fields of a JSON object, with a memory of which were asked for.
class JsonObject {
 public:
  /// nullopt when the object has no such field.
  std::optional<JsonNode> Find(const std::string& field);
  /// Fails with "path:line: field: is missing" at the object's own line.
  Result<JsonNode> Require(const std::string& field);
  /// Fails on the first field that neither Find nor Require asked for, naming those it did ask for.
  Status RejectUnknown() const;

 private:
  friend class JsonNode;
  explicit JsonObject(JsonNode node) : node_(std::move(node)) {}
  JsonNode node_;
  std::vector<std::string> asked_;
};

}  // namespace foothold
