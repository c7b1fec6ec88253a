// Reads JSON.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/json.h"
#include "base/json_cost.h"
#include "base/json_object.h"
#include "base/utf8.h"

namespace foothold::base {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// A character of ASCII that may stand in a string as it is.
bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= ' ' && byte < 0x80 && c != '"' && c != '\\';
}

bool IsWordCharacter(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
         c == '+' || c == '-';
}

/// Whether a number that is beyond a double is too large for one, not too small. Its form is that
/// of JSON.
bool IsHuge(std::string_view number) {
  constexpr std::int64_t kLarge = 1'000'000'000'000;  // no text has as many digits
  const std::size_t e = std::min(number.find_first_of("eE"), number.size());
  std::int64_t exponent = 0;
  if (e < number.size()) {
    const std::string_view digits = number.substr(e + (number[e + 1] == '+' ? 2 : 1));
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (read.ec != std::errc()) exponent = digits.front() == '-' ? -kLarge : kLarge;
  }
  const std::string_view mantissa = number.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_of("123456789");
  const auto place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  return exponent > -place;
}

}  // namespace

/// Reads one text. Every method that reads something returns false at the first error.
class JsonParser {
 public:
  JsonParser(std::string_view text, int first_line)
      : begin_(text.data()),
        at_(begin_),
        end_(begin_ + text.size()),
        line_(static_cast<std::uint32_t>(first_line)) {}

  bool ReadAll(Json& root) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (Rest().starts_with(kByteOrderMark)) at_ += kByteOrderMark.size();
    SkipSpace();
    root.line_ = line_;
    if (!ReadValue(root)) return false;
    SkipSpace();
    return at_ == end_ || Unexpected("the end");
  }

  /// "line:column: problem".
  std::string error() const {
    const std::string_view before(begin_, static_cast<std::size_t>(error_at_ - begin_));
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 == 0
    return fmt::format("{}:{}: {}", line_, before.size() - line_start + 1, error_);
  }

 private:
  std::string_view Rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  void SkipSpace() {
    for (; at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n'); ++at_) {
      if (*at_ == '\n') ++line_;
    }
  }

  bool Take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool ReadValue(Json& value) {
    const char next = at_ == end_ ? '\0' : *at_;
    if (next == '{' || next == '[') {
      if (depth_ == Json::kMaxDepth) {
        return Fail(at_, fmt::format("nesting is deeper than {} levels", Json::kMaxDepth));
      }
      ++depth_;
      const bool read = next == '{' ? ReadObject(value) : ReadArray(value);
      --depth_;
      return read;
    }
    if (next == '"') {
      std::string text;
      if (!ReadString(text)) return false;
      Assign(Json(std::move(text)), value);
      return true;
    }
    if (next == '-' || IsDigit(next)) return ReadNumber(value);
    if (TakeWord("true")) return Assign(true, value);
    if (TakeWord("false")) return Assign(false, value);
    return TakeWord("null") || Unexpected("a value");
  }

  /// The value keeps its line.
  static bool Assign(Json from, Json& value) {
    from.line_ = value.line_;
    value = std::move(from);
    return true;
  }

  /// "," or `close` after an element; sets `is_last`.
  bool ReadSeparator(char close, bool& is_last) {
    SkipSpace();
    is_last = Take(close);
    if (is_last) return true;
    if (!Take(',')) return Unexpected(fmt::format("',' or '{}'", close));
    SkipSpace();
    return true;
  }

  bool ReadArray(Json& value) {
    Assign(Json::Array(), value);
    ++at_;
    SkipSpace();
    if (Take(']')) return true;
    const std::size_t first = elements_.size();
    for (bool is_last = false; !is_last;) {
      Json element;
      element.line_ = line_;
      if (!ReadValue(element)) return false;
      elements_.push_back(std::move(element));
      if (!ReadSeparator(']', is_last)) return false;
    }
    const auto begin = elements_.begin() + static_cast<std::ptrdiff_t>(first);
    *value.payload_.elements =
        Json::Elements(std::make_move_iterator(begin), std::make_move_iterator(elements_.end()));
    elements_.erase(begin, elements_.end());
    return true;
  }

  bool ReadObject(Json& value) {
    Assign(Json::Object(), value);
    ++at_;
    SkipSpace();
    if (Take('}')) return true;
    const std::size_t first = members_.size();
    for (bool is_last = false; !is_last;) {
      if (!ReadMember()) return false;
      if (!ReadSeparator('}', is_last)) return false;
    }
    const auto begin = members_.begin() + static_cast<std::ptrdiff_t>(first);
    const std::size_t count = members_.size() - first;
    const std::size_t again = value.payload_.object->Fill(
        Json::Members(std::make_move_iterator(begin), std::make_move_iterator(members_.end())));
    if (again < count) {
      const Json::Member& member = value.members()[again];
      line_ = member.value.line_;
      return Fail(keys_[first + again],
                  fmt::format("duplicate key {}", Shortened(Json(member.name).Dump(), 60)));
    }
    members_.erase(begin, members_.end());
    keys_.resize(first);
    return true;
  }

  bool ReadMember() {
    if (at_ == end_ || *at_ != '"') return Unexpected("a key in quotes");
    const char* key = at_;
    Json::Member member;
    member.value.line_ = line_;
    if (!ReadString(member.name)) return false;
    SkipSpace();
    if (!Take(':')) return Unexpected("':'");
    SkipSpace();
    if (!ReadValue(member.value)) return false;
    members_.push_back(std::move(member));
    keys_.push_back(key);
    return true;
  }

  bool ReadString(std::string& text) {
    ++at_;
    while (true) {
      const char* plain = at_;
      while (at_ != end_ && IsPlain(*at_)) ++at_;
      text.append(plain, at_);
      if (at_ == end_) return Unexpected("'\"' at the end of the string");
      if (Take('"')) return true;
      if (*at_ == '\\' ? !ReadEscape(text) : !ReadCharacter(text)) return false;
    }
  }

  /// A character that is not ASCII, or a control character, which must not be.
  bool ReadCharacter(std::string& text) {
    const Utf8Character next = FirstCharacter(Rest());
    if (!next.is_valid) return Fail(at_, "syntax error: the string is not UTF-8");
    if (next.bytes == 1) {
      return Fail(at_, fmt::format("syntax error: the control character \\u{:04x} must be escaped",
                                   static_cast<unsigned>(*at_)));
    }
    text.append(at_, next.bytes);
    at_ += next.bytes;
    return true;
  }

  bool ReadEscape(std::string& text) {
    constexpr std::string_view kNames = "btnfr\"\\/";
    constexpr std::string_view kNamed = "\b\t\n\f\r\"\\/";
    const char* escape = at_++;
    const std::size_t name = at_ == end_ ? std::string_view::npos : kNames.find(*at_);
    if (name != std::string_view::npos) {
      text += kNamed[name];
      ++at_;
      return true;
    }
    char32_t unit = 0;
    if (!ReadUnit(unit)) {
      return Fail(escape, "syntax error: must be one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    }
    char32_t low = 0;
    const bool is_high = unit >= 0xD800 && unit <= 0xDBFF;
    if (is_high && Take('\\') && ReadUnit(low) && low >= 0xDC00 && low <= 0xDFFF) {
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    } else if (unit >= 0xD800 && unit <= 0xDFFF) {
      return Fail(escape, "syntax error: half of a surrogate pair stands alone");
    }
    AppendUtf8(unit, text);
    return true;
  }

  /// "uXXXX".
  bool ReadUnit(char32_t& unit) {
    if (Rest().size() < 5 || *at_ != 'u') return false;
    std::uint32_t value = 0;
    const auto read = std::from_chars(at_ + 1, at_ + 5, value, 16);
    if (read.ec != std::errc() || read.ptr != at_ + 5) return false;
    unit = value;
    at_ += 5;
    return true;
  }

  bool TakeDigits() {
    const char* first = at_;
    while (at_ != end_ && IsDigit(*at_)) ++at_;
    return at_ != first;
  }

  /// The number's form by the grammar, which from_chars() knows less well. Sets `is_integer`.
  bool TakeNumber(bool& is_integer) {
    Take('-');
    if (!Take('0') && !TakeDigits()) return false;
    if (at_ != end_ && IsDigit(*at_)) return false;  // behind a zero
    is_integer = true;
    if (Take('.')) {
      is_integer = false;
      if (!TakeDigits()) return false;
    }
    if (Take('e') || Take('E')) {
      is_integer = false;
      if (!Take('+')) Take('-');
      if (!TakeDigits()) return false;
    }
    return true;
  }

  bool ReadNumber(Json& value) {
    const char* first = at_;
    bool is_integer = false;
    if (!TakeNumber(is_integer)) {
      at_ = first;
      return Unexpected("a number");
    }
    if (is_integer) {
      std::int64_t integer = 0;
      if (std::from_chars(first, at_, integer).ec == std::errc()) return Assign(integer, value);
      std::uint64_t large = 0;
      const auto read = std::from_chars(first, at_, large);
      if (read.ec == std::errc() && read.ptr == at_) return Assign(large, value);
    }
    const std::string_view text(first, static_cast<std::size_t>(at_ - first));
    double number = 0;
    const auto read = std::from_chars(first, at_, number);
    const bool is_out_of_range = read.ec == std::errc::result_out_of_range;
    if ((is_out_of_range && IsHuge(text)) || !std::isfinite(number)) {
      return Fail(
          first, fmt::format("the number {} is beyond a double", Shortened(std::string(text), 40)));
    }
    if (is_out_of_range) number = *first == '-' ? -0.0 : 0.0;
    return Assign(number, value);
  }

  bool TakeWord(std::string_view word) {
    if (!Rest().starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  /// What stands here is not what must.
  bool Unexpected(std::string_view wanted) {
    std::string seen = "end of input";
    if (at_ != end_ && *at_ > ' ' && *at_ <= '~') {
      const char* end =
          std::find_if_not(at_, at_ + std::min<std::ptrdiff_t>(20, end_ - at_), IsWordCharacter);
      seen = fmt::format("'{}'", std::string(at_, std::max(end, at_ + 1)));
    } else if (at_ != end_) {
      seen = fmt::format("byte 0x{:02x}", static_cast<unsigned char>(*at_));
    }
    return Fail(at_, fmt::format("syntax error: unexpected {}, must be {}", seen, wanted));
  }

  bool Fail(const char* at, std::string error) {
    error_at_ = at;
    error_ = std::move(error);
    return false;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  std::uint32_t line_;
  int depth_ = 0;
  // What the containers that are still open hold so far, those of the innermost last.
  Json::Elements elements_;
  Json::Members members_;
  std::vector<const char*> keys_;  // where the members begin
  const char* error_at_ = nullptr;
  std::string error_;
};

Result<Json> Json::Parse(std::string_view text, std::string_view path, int first_line) {
  if (IsTooCostlyToParse(text)) {
    return Status::InvalidArgument(
        fmt::format("{}:{}: holds so many values for its {} bytes that it is not read; no file of "
                    "any format that Foothold reads does",
                    path, first_line, text.size()));
  }
  JsonParser parser(text, first_line);
  Json root;
  if (parser.ReadAll(root)) return root;
  return Status::InvalidArgument(fmt::format("{}:{}", path, parser.error()));
}

}  // namespace foothold::base
