// Writes JSON.
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/json.h"
#include "base/utf8.h"

namespace foothold::base {
namespace {

/// From this exponent on a number is written as "1e+15".
int FirstExponent(JsonStyle::Numbers numbers) {
  return numbers == JsonStyle::Numbers::kJson ? 15 : 16;
}

/// "-0.00493" from the scientific form "-4.93e-03", whose exponent is given; a whole number has no
/// point.
std::string Fixed(std::string_view scientific, int exponent) {
  std::string sign;
  std::string digits;
  for (const char c : scientific.substr(0, scientific.find('e'))) {
    if (c == '-') sign = "-";
    if (c >= '0' && c <= '9') digits += c;
  }
  if (exponent < 0) {
    return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  const auto before_point = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= before_point) digits.append(before_point - digits.size(), '0');
  if (digits.size() > before_point) digits.insert(before_point, 1, '.');
  return sign + digits;
}

void AppendDouble(double value, JsonStyle::Numbers numbers, std::string& text) {
  if (!std::isfinite(value)) {
    text += "null";
    return;
  }
  std::array<char, 32> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                     std::chars_format::scientific);
  const std::string_view scientific(buffer.data(),
                                    static_cast<std::size_t>(written.ptr - buffer.data()));
  int exponent = 0;
  const char* digits = buffer.data() + scientific.find('e') + 1;
  std::from_chars(*digits == '+' ? digits + 1 : digits, written.ptr, exponent);
  if (exponent < -4 || exponent >= FirstExponent(numbers)) {
    text += scientific;
    return;
  }
  const std::string fixed = Fixed(scientific, exponent);
  text += fixed;
  const bool is_whole = fixed.find('.') == std::string::npos;
  const bool is_short = numbers == JsonStyle::Numbers::kShort && fixed != "-0";
  if (is_whole && !is_short) text += ".0";
}

void AppendEscape(char32_t unit, std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  text += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) text += kDigits[unit >> shift & 0xF];
}

/// A character outside ASCII, as \uXXXX, twice above U+FFFF.
void AppendAsAscii(char32_t code_point, std::string& text) {
  if (code_point < 0x10000) return AppendEscape(code_point, text);
  AppendEscape(0xD800 + ((code_point - 0x10000) >> 10), text);
  AppendEscape(0xDC00 + ((code_point - 0x10000) & 0x3FF), text);
}

/// A character below U+0020, a quote or a backslash; DEL too where only ASCII is wanted.
void AppendSpecial(char c, std::string& text) {
  constexpr std::string_view kNamed = "\b\t\n\f\r\"\\";
  constexpr std::string_view kNames = "btnfr\"\\";
  const std::size_t place = kNamed.find(c);
  if (place == std::string_view::npos) {
    return AppendEscape(static_cast<unsigned char>(c), text);
  }
  text += '\\';
  text += kNames[place];
}

class Writer {
 public:
  explicit Writer(const JsonStyle& style)
      : style_(style),
        comma_(style.spaced && style.indent < 0 ? ", " : ","),
        colon_(style.spaced || style.indent >= 0 ? ": " : ":") {}

  void Write(const Json& json) {
    if (json.is_null()) {
      text_ += "null";
    } else if (json.is_bool()) {
      text_ += json.truth() ? "true" : "false";
    } else if (const auto whole = json.Int64()) {
      text_ += std::to_string(*whole);
    } else if (const auto large = json.Uint64()) {
      text_ += std::to_string(*large);
    } else if (json.is_double()) {
      AppendDouble(json.number(), style_.numbers, text_);
    } else if (json.is_string()) {
      WriteString(json.string());
    } else if (json.is_array()) {
      WriteList(json.elements(), '[', ']', [this](const Json& element) { Write(element); });
    } else {
      WriteList(json.members(), '{', '}', [this](const Json::Member& member) {
        WriteString(member.name);
        text_ += colon_;
        Write(member.value);
      });
    }
  }

  std::string Take() { return std::move(text_); }

 private:
  template <typename List, typename WriteOne>
  void WriteList(const List& list, char open, char close, WriteOne write) {
    text_ += open;
    ++level_;
    for (const auto& one : list) {
      if (&one != &list.front()) text_ += comma_;
      NewLine();
      write(one);
    }
    --level_;
    if (!list.empty()) NewLine();
    text_ += close;
  }

  void NewLine() {
    if (style_.indent < 0) return;
    text_ += '\n';
    text_.append(static_cast<std::size_t>(style_.indent) * static_cast<std::size_t>(level_), ' ');
  }

  void WriteString(std::string_view rest) {
    text_ += '"';
    while (!rest.empty()) {
      std::size_t plain = 0;
      while (plain < rest.size() && IsPlain(rest[plain])) ++plain;
      text_ += rest.substr(0, plain);
      rest.remove_prefix(plain);
      if (rest.empty()) break;
      const Utf8Character next = FirstCharacter(rest);
      if (next.code_point < 0x80) {
        AppendSpecial(rest.front(), text_);
      } else if (style_.ascii_only) {
        AppendAsAscii(next.code_point, text_);
      } else {
        AppendUtf8(next.code_point, text_);
      }
      rest.remove_prefix(next.bytes);
    }
    text_ += '"';
  }

  bool IsPlain(char c) const {
    return c >= ' ' && c <= '~' + (style_.ascii_only ? 0 : 1) && c != '"' && c != '\\';
  }

  const JsonStyle style_;
  const std::string_view comma_;
  const std::string_view colon_;
  int level_ = 0;
  std::string text_;
};

}  // namespace

std::string Json::Dump(const JsonStyle& style) const {
  Writer writer(style);
  writer.Write(*this);
  return writer.Take();
}

}  // namespace foothold::base
