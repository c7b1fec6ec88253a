#include "base/json_sax.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace foothold::internal {
namespace {

/// The parser's message without its "[json.exception...] parse error at line 1, column 5: " and
/// with the offending text, which may be long or not be UTF-8, made fit to print.
std::string Readable(std::string_view what) {
  constexpr std::string_view kLastRead = "; last read: '";
  constexpr std::size_t kShown = 40;
  if (const auto bracket = what.find("] "); bracket != std::string_view::npos) {
    what.remove_prefix(bracket + 2);
  }
  if (what.rfind("parse error", 0) == 0) {
    if (const auto colon = what.find(": "); colon != std::string_view::npos) {
      what.remove_prefix(colon + 2);
    }
  }
  std::string result;
  std::size_t end = what.size();
  if (const auto last = what.find(kLastRead); last != std::string_view::npos) {
    end = std::min(end, last + kLastRead.size() + kShown);
  } else {
    end = std::min(end, 4 * kShown);
  }
  for (const char c : what.substr(0, end)) result += c >= ' ' && c <= '~' ? c : '?';
  if (end < what.size()) result += "...";
  return result;
}

/// Follows the events through a text until it stands at one pointer.
class Locator : public nlohmann::json_sax<nlohmann::json> {
 public:
  Locator(std::string_view text, std::string_view target) : text_(text), target_(target) {}

  int Run() {
    position_ = text_.data();
    nlohmann::json::sax_parse(CountingIterator(text_.data(), &position_),
                              CountingIterator(text_.data() + text_.size(), &position_), this);
    return line_breaks_;
  }

  bool null() override { return Value(); }
  bool boolean(bool) override { return Value(); }
  bool number_integer(number_integer_t) override { return Number(); }
  bool number_unsigned(number_unsigned_t) override { return Number(); }
  bool number_float(number_float_t, const string_t&) override { return Number(); }
  bool string(string_t&) override { return Value(); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(-1); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(0); }
  bool end_array() override { return Close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }
  bool key(string_t& name) override {
    at_.resize(open_.back().length);
    at_ = ExtendPointer(at_, name);
    return Arrive(position_);
  }

 private:
  struct Frame {
    std::size_t length;           // of the container's own pointer
    std::ptrdiff_t next_element;  // -1 in an object
  };

  /// The parser has read a number only when it has read the character after it.
  bool Number() { return Value(position_[-1] == '\n' ? position_ - 1 : position_); }
  bool Value() { return Value(position_); }
  bool Value(const char* end) {
    if (open_.empty()) return Arrive(end);
    Frame& frame = open_.back();
    if (frame.next_element < 0) return true;  // key() has been here
    at_.resize(frame.length);
    at_ = ExtendPointer(at_, std::to_string(frame.next_element++));
    return Arrive(end);
  }
  bool Open(std::ptrdiff_t first_element) {
    if (!Value()) return false;
    open_.push_back({at_.size(), first_element});
    return true;
  }
  bool Close() {
    at_.resize(open_.back().length);
    open_.pop_back();
    return true;
  }
  /// Stops the parse (returns false) at the target.
  bool Arrive(const char* end) {
    if (at_ != target_) return true;
    line_breaks_ = static_cast<int>(std::count(text_.data(), end, '\n'));
    return false;
  }

  std::string_view text_;
  std::string_view target_;
  const char* position_ = nullptr;
  std::vector<Frame> open_;
  std::string at_;
  int line_breaks_ = 0;
};

std::string Unescape(std::string_view token) {
  std::string result;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size()) {
      result += token[++i] == '1' ? '/' : '~';
    } else {
      result += token[i];
    }
  }
  return result;
}

bool IsPlainName(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace

bool DocumentBuilder::Build(std::string_view text) {
  text_ = text;
  position_ = text.data();
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    position_ += nul + 1;
    return Fail("a NUL byte is not JSON");  // the parser would take it for the end of the text
  }
  return Json::sax_parse(CountingIterator(text.data(), &position_),
                         CountingIterator(text.data() + text.size(), &position_), this);
}

bool DocumentBuilder::number_float(number_float_t value, const string_t&) { return Add(value); }

bool DocumentBuilder::binary(binary_t&) { return Fail("binary values are not JSON"); }

bool DocumentBuilder::start_object(std::size_t) { return Open(Json::object()); }

bool DocumentBuilder::start_array(std::size_t) { return Open(Json::array()); }

bool DocumentBuilder::key(string_t& name) {
  auto [member, is_new] = open_.back()->get_ref<Json::object_t&>().emplace(name, nullptr);
  if (!is_new) return Fail(fmt::format("duplicate key {}", Json(name).dump()));
  member_ = &member->second;
  return true;
}

bool DocumentBuilder::parse_error(std::size_t position, const std::string&,
                                  const nlohmann::detail::exception& error) {
  error_ = Readable(error.what());
  error_offset_ = position > 0 ? position - 1 : 0;
  return false;
}

nlohmann::json* DocumentBuilder::Place(Json value) {
  if (open_.empty()) {
    root_ = std::move(value);
    return &root_;
  }
  if (open_.back()->is_array()) {
    auto& elements = open_.back()->get_ref<Json::array_t&>();
    elements.push_back(std::move(value));
    return &elements.back();
  }
  *member_ = std::move(value);
  return member_;
}

bool DocumentBuilder::Add(Json value) {
  Place(std::move(value));
  return true;
}

bool DocumentBuilder::Open(Json container) {
  if (open_.size() >= static_cast<std::size_t>(JsonNode::kMaxDepth)) {
    return Fail(fmt::format("nesting is deeper than {} levels", JsonNode::kMaxDepth));
  }
  open_.push_back(Place(std::move(container)));
  return true;
}

bool DocumentBuilder::Close() {
  open_.pop_back();
  return true;
}

bool DocumentBuilder::Fail(std::string error) {
  error_ = std::move(error);
  const auto read = static_cast<std::size_t>(position_ - text_.data());
  error_offset_ = read > 0 ? read - 1 : 0;
  return false;
}

int LineBreaksBefore(std::string_view text, std::string_view pointer) {
  return Locator(text, pointer).Run();
}

std::string ExtendPointer(std::string_view pointer, std::string_view token) {
  std::string result(pointer);
  result += '/';
  for (const char c : token) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

std::string DottedForm(const nlohmann::json& root, const std::string& pointer) {
  std::string result;
  const nlohmann::json* at = &root;
  std::size_t begin = 1;  // past the first slash
  while (begin <= pointer.size() && !pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
    const std::string token = Unescape(std::string_view(pointer).substr(begin, end - begin));
    begin = end + 1;
    if (at != nullptr && at->is_array()) {
      result += "[" + token + "]";
      const std::size_t index = std::stoull(token);
      at = index < at->size() ? &(*at)[index] : nullptr;
      continue;
    }
    if (IsPlainName(token)) {
      result += (result.empty() ? "" : ".") + token;
    } else {
      result += "[" + nlohmann::json(token).dump() + "]";
    }
    at = at != nullptr && at->contains(token) ? &at->at(token) : nullptr;
  }
  return result;
}

}  // namespace foothold::internal
