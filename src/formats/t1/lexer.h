#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "formats/t1/value.h"

namespace foothold::t1 {

enum class TokenKind : std::uint8_t {
  kValue,   ///< a number or a quoted text, in `value`
  kName,    ///< a name or one of Python's words, in `text`; "math.ceil" is one name
  kSymbol,  ///< an operator or a bracket, in `text`
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;  ///< as it stands there; "the end" for kEnd
  Value value;
  int column = 1;
};

/// The tokens of an expression, kEnd last. InvalidArgument, "column 5: ...".
Result<std::vector<Token>> Tokenize(std::string_view text);

}  // namespace foothold::t1
