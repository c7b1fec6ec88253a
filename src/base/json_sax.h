#pragma once

#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

// The two passes that json.cc makes over a text, both as event handlers of nlohmann's SAX parser:
// its own DOM parser accepts duplicate keys and any depth of nesting, and it forgets where values
// stand.
namespace foothold::internal {

/// Reads characters for the parser and writes where it is to `*position`, one past the last
/// character read.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** position) : at_(at), position_(position) {}

  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *position_ = ++at_;
    return *this;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }
  friend bool operator!=(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ != b.at_;
  }

 private:
  const char* at_;
  const char** position_;
};

/// Builds the document; stops at the first error.
class DocumentBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  using Json = nlohmann::json;

  /// `text` must outlive the builder. False on an error, which error() and error_offset() describe.
  bool Build(std::string_view text);

  Json&& TakeRoot() { return std::move(root_); }
  const std::string& error() const { return error_; }
  /// Bytes of the text before the character that is wrong.
  std::size_t error_offset() const { return error_offset_; }

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t& text) override;
  bool string(string_t& value) override { return Add(std::move(value)); }
  bool binary(binary_t& value) override;
  bool start_object(std::size_t size) override;
  bool key(string_t& name) override;
  bool end_object() override { return Close(); }
  bool start_array(std::size_t size) override;
  bool end_array() override { return Close(); }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) override;

 private:
  /// Puts `value` where the parser stands: root, next element, or the last key's value.
  Json* Place(Json value);
  bool Add(Json value);
  bool Open(Json container);
  bool Close();
  bool Fail(std::string error);

  std::string_view text_;
  const char* position_ = nullptr;
  Json root_;
  std::vector<Json*> open_;  // stable: a container does not grow while one inside it is open
  Json* member_ = nullptr;   // the value of the key just read
  std::string error_;
  std::size_t error_offset_ = 0;
};

/// Number of line breaks in the valid JSON `text` before the value at the RFC 6901 `pointer`;
/// before its key, if it is a member of an object. O(text).
int LineBreaksBefore(std::string_view text, std::string_view pointer);

/// `pointer` extended by one reference token.
std::string ExtendPointer(std::string_view pointer, std::string_view token);

/// The dotted form of a pointer into `root`: "workloads[2].kernel_h"; empty for the root. A key
/// with characters outside [A-Za-z0-9_-] is written ["key"].
std::string DottedForm(const nlohmann::json& root, const std::string& pointer);

}  // namespace foothold::internal
