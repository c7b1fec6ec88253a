#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"

namespace foothold {

class JsonObject;

/// A value in a parsed JSON text that knows where it stands, so that every complaint can name file,
/// line and field. Cheap to copy; keeps its document alive. Immutable.
class JsonNode {
 public:
  /// Parses all of `text`; the error names `path`, line and column. Duplicate keys in an object are
  /// errors. `first_line` is the line number of the text's first line, for JSON Lines files.
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
