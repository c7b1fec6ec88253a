#include "base/json.h"

#include <algorithm>
#include <limits>
#include <ostream>
#include <utility>

#include "base/json_object.h"

namespace foothold::base {

Json Json::Array(std::initializer_list<Json> elements) {
  Json json;
  json.payload_.elements = new Elements(elements);
  json.type_ = Type::kArray;
  return json;
}

Json Json::Object() {
  Json json;
  json.payload_.object = new ObjectStore;
  json.type_ = Type::kObject;
  return json;
}

Json::Json(std::string text) : type_(Type::kString) {
  payload_.string = new std::string(std::move(text));
}

Json::Json(std::initializer_list<Field> members) : Json(Object()) {
  for (const Field& field : members) {
    FOOTHOLD_CHECK(payload_.object->Find(field.name_) == nullptr, field.name_);
    payload_.object->FindOrAdd(field.name_) = std::move(field.value_);
  }
}

Json::Json(const Json& other) : payload_(other.payload_), line_(other.line_), type_(other.type_) {
  if (type_ == Type::kString) payload_.string = new std::string(*other.payload_.string);
  if (type_ == Type::kArray) payload_.elements = new Elements(*other.payload_.elements);
  if (type_ == Type::kObject) payload_.object = new ObjectStore(*other.payload_.object);
}

Json::Json(Json&& other) noexcept
    : payload_(other.payload_),
      line_(other.line_),
      type_(std::exchange(other.type_, Type::kNull)) {}

Json& Json::operator=(const Json& other) {
  if (this != &other) *this = Json(other);
  return *this;
}

Json& Json::operator=(Json&& other) noexcept {
  std::swap(payload_, other.payload_);
  std::swap(line_, other.line_);
  std::swap(type_, other.type_);
  return *this;
}

Json::~Json() {
  if (type_ == Type::kString) delete payload_.string;
  if (type_ == Type::kArray) delete payload_.elements;
  if (type_ == Type::kObject) delete payload_.object;
}

void Json::SetInt64(std::int64_t value) {
  type_ = Type::kInt64;
  payload_.signed_integer = value;
}

void Json::SetUint64(std::uint64_t value) {
  if (std::in_range<std::int64_t>(value)) return SetInt64(static_cast<std::int64_t>(value));
  type_ = Type::kUint64;
  payload_.unsigned_integer = value;
}

std::optional<std::int64_t> Json::Int64() const {
  if (type_ != Type::kInt64) return std::nullopt;
  return payload_.signed_integer;
}

std::optional<std::uint64_t> Json::Uint64() const {
  if (type_ == Type::kUint64) return payload_.unsigned_integer;
  if (type_ != Type::kInt64 || payload_.signed_integer < 0) return std::nullopt;
  return static_cast<std::uint64_t>(payload_.signed_integer);
}

bool Json::truth() const {
  FOOTHOLD_CHECK(is_bool(), "not a truth value");
  return payload_.truth;
}

double Json::number() const {
  FOOTHOLD_CHECK(is_number(), "not a number");
  if (is_double()) return payload_.number;
  return type_ == Type::kInt64 ? static_cast<double>(payload_.signed_integer)
                               : static_cast<double>(payload_.unsigned_integer);
}

const std::string& Json::string() const {
  FOOTHOLD_CHECK(is_string(), "not a string");
  return *payload_.string;
}

const Json::Elements& Json::elements() const {
  FOOTHOLD_CHECK(is_array(), "not an array");
  return *payload_.elements;
}

const Json::Members& Json::members() const {
  FOOTHOLD_CHECK(is_object(), "not an object");
  return payload_.object->members();
}

std::size_t Json::size() const {
  if (is_array()) return elements().size();
  return is_object() ? members().size() : 0;
}

const Json* Json::Find(std::string_view name) const {
  return is_object() ? payload_.object->Find(name) : nullptr;
}

const Json& Json::at(std::string_view name) const {
  const Json* found = Find(name);
  FOOTHOLD_CHECK(found != nullptr, name);
  return *found;
}

const Json& Json::at(std::size_t index) const {
  FOOTHOLD_CHECK(index < elements().size(), "no such element");
  return elements()[index];
}

Json& Json::operator[](std::size_t index) { return const_cast<Json&>(std::as_const(*this)[index]); }

Json& Json::operator[](std::string_view name) {
  if (is_null()) *this = Object();
  FOOTHOLD_CHECK(is_object(), name);
  return payload_.object->FindOrAdd(name);
}

void Json::push_back(Json element) {
  if (is_null()) *this = Array();
  FOOTHOLD_CHECK(is_array(), "not an array");
  payload_.elements->push_back(std::move(element));
}

bool operator==(const Json& a, const Json& b) {
  if (a.is_integer() && b.is_integer()) return a.Int64() == b.Int64() && a.Uint64() == b.Uint64();
  if (a.is_number() && b.is_number()) return a.number() == b.number();
  if (a.type_ != b.type_) return false;
  if (a.is_bool()) return a.truth() == b.truth();
  if (a.is_string()) return a.string() == b.string();
  if (a.is_array()) return a.elements() == b.elements();
  if (!a.is_object()) return true;
  return a.size() == b.size() &&
         std::all_of(a.members().begin(), a.members().end(), [&](const Json::Member& member) {
           const Json* other = b.Find(member.name);
           return other != nullptr && member.value == *other;
         });
}

void PrintTo(const Json& json, std::ostream* out) { *out << json.Dump(); }

}  // namespace foothold::base
