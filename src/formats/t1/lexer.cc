#include "formats/t1/lexer.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace foothold::t1 {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

/// Longer ones first, so that the first that fits is the right one.
constexpr std::string_view kSpelledTokens[] = {
    "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "+", "-", "*", "/",
    "%",  "&",  "|",  "^",  "~",  "<",  ">",  "(",  ")", "[", "]", ","};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> All() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < text_.size() &&
             std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
        ++at_;
      FOOTHOLD_ASSIGN_OR_RETURN(Token token, Next());
      tokens.push_back(std::move(token));
      if (tokens.back().kind == TokenKind::kEnd) return tokens;
    }
  }

 private:
  Result<Token> Next() {
    Token token;
    token.column = static_cast<int>(at_) + 1;
    token.text = "the end";
    if (at_ == text_.size()) return token;
    const std::size_t start = at_;
    const char c = text_[at_];
    if (c == '\'' || c == '"') {
      FOOTHOLD_RETURN_IF_ERROR(Quoted(token));
    } else if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) {
      FOOTHOLD_RETURN_IF_ERROR(Number(token));
    } else if (IsNameStart(c)) {
      token.kind = TokenKind::kName;
      while (IsNamePart(Peek(0)) || (Peek(0) == '.' && IsNameStart(Peek(1)))) ++at_;
    } else {
      FOOTHOLD_RETURN_IF_ERROR(Symbol(token));
    }
    token.text = std::string(text_.substr(start, at_ - start));
    return token;
  }

  char Peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  Status Error(std::size_t at, std::string_view problem) const {
    return Status::InvalidArgument(fmt::format("column {}: {}", at + 1, problem));
  }

  Status Quoted(Token& token) {
    const std::size_t end = text_.find(text_[at_], at_ + 1);
    if (end == std::string_view::npos) return Error(at_, "the quote is never closed");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    if (inside.find('\\') != std::string_view::npos) {
      return Error(at_, "a text with \"\\\" is not supported");
    }
    token.kind = TokenKind::kValue;
    token.value = {std::string(inside)};
    at_ = end + 1;
    return {};
  }

  Status Number(Token& token) {
    const std::size_t start = at_;
    bool is_whole = true;
    while (IsDigit(Peek(0))) ++at_;
    if (Peek(0) == '.') {
      is_whole = false;
      ++at_;
      while (IsDigit(Peek(0))) ++at_;
    }
    if (Peek(0) == 'e' || Peek(0) == 'E') {
      const std::size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
      if (IsDigit(Peek(1 + sign))) {
        is_whole = false;
        at_ += 1 + sign;
        while (IsDigit(Peek(0))) ++at_;
      }
    }
    const std::string_view digits = text_.substr(start, at_ - start);
    if (IsNamePart(Peek(0)) || Peek(0) == '.') {
      return Error(start, fmt::format("\"{}{}\" is no number", digits, Peek(0)));
    }
    token.kind = TokenKind::kValue;
    return is_whole ? Whole(digits, start, token) : Decimal(digits, start, token);
  }

  Status Whole(std::string_view digits, std::size_t start, Token& token) const {
    std::int64_t whole = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), whole);
    if (error != std::errc()) {
      return Error(start, fmt::format("{:.30} leaves the whole numbers of 64 bits", digits));
    }
    // Python refuses it, because C takes it for octal.
    if (digits.size() > 1 && digits[0] == '0' && whole != 0) {
      return Error(start, fmt::format("{:.30} begins with 0", digits));
    }
    token.value = {whole};
    return {};
  }

  Status Decimal(std::string_view digits, std::size_t start, Token& token) const {
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc::result_out_of_range || !std::isfinite(number)) {
      return Error(start, fmt::format("{:.30} is too large or too small for a number", digits));
    }
    token.value = {number};
    return {};
  }

  Status Symbol(Token& token) {
    const std::string_view rest = text_.substr(at_);
    const auto* found =
        std::find_if(std::begin(kSpelledTokens), std::end(kSpelledTokens),
                     [&](std::string_view symbol) { return rest.starts_with(symbol); });
    if (found == std::end(kSpelledTokens)) {
      const char c = rest.front();
      return Error(at_, c > ' ' && c < '\x7f' ? fmt::format("unexpected \"{}\"", c)
                                              : std::string("unexpected character"));
    }
    token.kind = TokenKind::kSymbol;
    at_ += found->size();
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Token>> Tokenize(std::string_view text) { return Lexer(text).All(); }

}  // namespace foothold::t1
