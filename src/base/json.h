#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.h"
#include "foothold/status.h"

// The one way to read and write JSON (RFC 8259).
//
//   Json      a value: built to be written, or parsed from text that Foothold wrote itself
//   JsonNode  a value of a parsed file that knows where it stands, for complaints to a user
//   JsonObject  the fields of such a value, with a memory of which were asked for

namespace foothold::base {

/// How Json::Dump writes a value. All styles read back to the same value.
struct JsonStyle {
  /// Doubles have the fewest digits that read back to the same double.
  enum class Numbers {
    kJson,    ///< 2.0 and 1e+15: a fraction or an exponent tells a double from an integer
    kPython,  ///< the same, but fixed below 1e+16, as Python's repr()
    kShort,   ///< 2, fixed below 1e+16; only -0.0 keeps its fraction, without which it is 0
  };

  int indent = -1;          ///< spaces per level; -1: all on one line
  bool spaced = false;      ///< on one line: ", " and ": " instead of "," and ":"
  bool ascii_only = false;  ///< other characters are written \uXXXX
  Numbers numbers = Numbers::kJson;
};

/// A JSON value: null, a truth value, a number, a string, an array, or an object that keeps its
/// members in the order in which they were added.
///
/// Written as in JSON, with one pair of braces more than there are objects:
///
///     Json json = {{"target", name}, {"best", {{"seconds", 0.5}, {"index", 7}}}};
///     json["runs"].push_back({{"seed", 1}});
///
/// Integers of 64 bits, signed or not, are kept exactly and apart from doubles. A double that is
/// not finite is written as null. Strings should be UTF-8; Dump writes U+FFFD for what is not.
///
/// A value type of 16 bytes. Safe to share between threads while nobody changes it.
class Json {
 public:
  struct Member;
  class Field;
  using Elements = std::vector<Json>;
  using Members = std::vector<Member>;

  /// Objects and arrays in a text may nest this deep.
  static constexpr int kMaxDepth = 64;

  /// Parses all of `text`. Errors are: text that is not JSON, anything after the value, duplicate
  /// keys, invalid UTF-8, numbers beyond a double, nesting beyond kMaxDepth, and far more values
  /// than a text of its length needs; the message reads "path:line:column: problem". `first_line`
  /// is the line number of the text's first line, for files with one text a line. A byte order mark
  /// at the start is skipped.
  static Result<Json> Parse(std::string_view text, std::string_view path = "JSON",
                            int first_line = 1);

  static Json Array(std::initializer_list<Json> elements = {});
  static Json Object();

  Json() {}
  Json(std::nullptr_t) {}
  template <std::same_as<bool> T>
  Json(T value) : type_(Type::kBool) {
    payload_.truth = value;
  }
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Json(T value) {
    if constexpr (std::is_signed_v<T>) {
      SetInt64(value);
    } else {
      SetUint64(value);
    }
  }
  template <std::floating_point T>
  Json(T value) : type_(Type::kDouble) {
    payload_.number = static_cast<double>(value);
  }
  Json(const char* text) : Json(std::string(text)) {}
  Json(std::string_view text) : Json(std::string(text)) {}
  Json(std::string text);
  /// An object with these members. REQUIRES: different names.
  Json(std::initializer_list<Field> members);
  /// null for nullopt.
  template <typename T>
  Json(const std::optional<T>& value) : Json(value ? Json(*value) : Json()) {}
  /// An array, or an object from a container whose keys are strings.
  template <typename Container>
  requires(!std::convertible_to<const Container&, std::string_view> &&
           requires(const Container& c) { c.begin() == c.end(); })
      Json(const Container& container) {
    if constexpr (requires { typename Container::mapped_type; }) {
      *this = Object();
      for (const auto& [name, value] : container) (*this)[name] = value;
    } else {
      *this = Array();
      for (const auto& element : container) push_back(element);
    }
  }

  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  bool is_null() const { return type_ == Type::kNull; }
  bool is_bool() const { return type_ == Type::kBool; }
  bool is_integer() const { return type_ == Type::kInt64 || type_ == Type::kUint64; }
  bool is_double() const { return type_ == Type::kDouble; }
  bool is_number() const { return is_integer() || is_double(); }
  bool is_string() const { return type_ == Type::kString; }
  bool is_array() const { return type_ == Type::kArray; }
  bool is_object() const { return type_ == Type::kObject; }

  /// nullopt unless it is an integer that fits.
  std::optional<std::int64_t> Int64() const;
  std::optional<std::uint64_t> Uint64() const;

  // What each of these REQUIRES of the type is checked.

  bool truth() const;
  /// Of any number.
  double number() const;
  const std::string& string() const;
  const Elements& elements() const;
  const Members& members() const;

  /// The value as a bool, an integer in T's range, a floating-point number, a std::string, or a
  /// std::vector of these.
  template <typename T>
  T Get() const;

  /// The elements of an array, the members of an object; 0 for anything else.
  std::size_t size() const;
  bool empty() const { return size() == 0; }

  /// The member of this name; nullptr if there is none or this is no object. O(log size).
  const Json* Find(std::string_view name) const;
  bool contains(std::string_view name) const { return Find(name) != nullptr; }
  /// REQUIRES: there is such a member, such an element.
  const Json& at(std::string_view name) const;
  const Json& at(std::size_t index) const;
  const Json& operator[](std::string_view name) const { return at(name); }
  const Json& operator[](std::size_t index) const { return at(index); }
  Json& operator[](std::size_t index);
  /// Adds the member as null if there is none; null becomes an object by it. REQUIRES: an object or
  /// null.
  Json& operator[](std::string_view name);
  /// null becomes an array by it. REQUIRES: an array or null.
  void push_back(Json element);

  /// The value as text. Never fails: see above for numbers and strings that JSON does not have.
  std::string Dump(int indent = -1) const { return Dump(JsonStyle{.indent = indent}); }
  std::string Dump(const JsonStyle& style) const;

  /// Numbers are equal by value (1 == 1.0), objects if they have equal members in any order.
  friend bool operator==(const Json& a, const Json& b);
  /// For messages of tests.
  friend void PrintTo(const Json& json, std::ostream* out);

 private:
  friend class JsonNode;
  friend class JsonObject;
  friend class JsonParser;
  class ObjectStore;
  enum class Type : std::uint8_t {
    kNull,
    kBool,
    kInt64,   // whatever fits
    kUint64,  // above that
    kDouble,
    kString,
    kArray,
    kObject
  };
  union Payload {
    bool truth;
    std::int64_t signed_integer;
    std::uint64_t unsigned_integer;
    double number;
    std::string* string;
    Elements* elements;
    ObjectStore* object;
  };

  void SetInt64(std::int64_t value);
  void SetUint64(std::uint64_t value);

  Payload payload_{};
  std::uint32_t line_ = 0;  // of the text it was parsed from: of a member's key, an element's start
  Type type_ = Type::kNull;
};

struct Json::Member {
  std::string name;
  Json value;
};

/// A member of an object in an initializer list.
class Json::Field {
 public:
  Field(std::string_view name, Json value) : name_(name), value_(std::move(value)) {}

 private:
  friend class Json;
  std::string_view name_;
  mutable Json value_;  // moved out of the list, whose elements are constant
};

template <typename T>
T Json::Get() const {
  if constexpr (std::is_same_v<T, bool>) {
    return truth();
  } else if constexpr (std::is_unsigned_v<T>) {
    const auto value = Uint64();
    FOOTHOLD_CHECK(value && std::in_range<T>(*value), "not an integer of this type");
    return static_cast<T>(*value);
  } else if constexpr (std::is_integral_v<T>) {
    const auto value = Int64();
    FOOTHOLD_CHECK(value && std::in_range<T>(*value), "not an integer of this type");
    return static_cast<T>(*value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(number());
  } else if constexpr (std::is_same_v<T, std::string>) {
    return string();
  } else {
    T list;
    list.reserve(size());
    for (const Json& element : elements()) {
      list.push_back(element.Get<typename T::value_type>());
    }
    return list;
  }
}

class JsonObject;

/// A value in a parsed JSON text that knows where it stands, so that every complaint can name file,
/// line and field. Cheap to copy; keeps its document alive. Immutable, and safe to share between
/// threads. Good input pays nothing for its position; a complaint costs one pass over the document.
class JsonNode {
 public:
  /// As Json::Parse.
  static Result<JsonNode> Parse(std::string_view text, std::string_view path, int first_line = 1);

  /// Each of these fails with "path:line: field: is ..., must be ..." when the value is of another
  /// type or range.
  Result<std::int64_t> Int64(std::int64_t min, std::int64_t max) const;
  Result<double> Number() const;
  Result<bool> Bool() const;
  Result<std::string> String() const;
  Result<std::vector<JsonNode>> Array() const;
  Result<JsonObject> Object() const;
  /// The members of an object whose names are not known beforehand, in the order of the text.
  Result<std::vector<std::pair<std::string, JsonNode>>> Members() const;

  /// "path:line: field" with the field in dotted form ("workloads[2].kernel_h"); "path:line" at the
  /// root. The line is that of a member's key or of an element's first character.
  std::string Where() const;
  /// InvalidArgument: Where() + ": " + problem.
  Status Error(std::string_view problem) const;

  const Json& value() const { return *value_; }

 private:
  friend class JsonObject;
  struct Document;
  JsonNode(std::shared_ptr<const Document> document, const Json* value)
      : document_(std::move(document)), value_(value) {}
  /// "is <the value, shortened>, must be <wanted>".
  Status TypeError(std::string_view wanted) const;

  std::shared_ptr<const Document> document_;
  const Json* value_;
};

/// The fields of a JSON object, with a memory of which were asked for.
class JsonObject {
 public:
  /// nullopt when the object has no such field.
  std::optional<JsonNode> Find(std::string_view field);
  /// Fails with "path:line: field: is missing" at the object's own line.
  Result<JsonNode> Require(std::string_view field);
  /// Fails on the first field that neither Find nor Require asked for, naming those it did ask for.
  Status RejectUnknown() const;

 private:
  friend class JsonNode;
  explicit JsonObject(JsonNode node) : node_(std::move(node)) {}
  JsonNode node_;
  std::vector<std::string> asked_;
};

}  // namespace foothold::base
