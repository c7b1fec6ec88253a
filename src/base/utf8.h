#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace foothold::base {

/// What stands at one place of a text that should be UTF-8.
struct Utf8Character {
  std::size_t bytes;    ///< at least 1; of what is no character, as many as could have begun one
  bool is_valid;        ///< no overlong form, no surrogate, nothing above U+10FFFF
  char32_t code_point;  ///< U+FFFD where it is not valid
};

/// REQUIRES: `text` is not empty. Looks at its beginning.
Utf8Character FirstCharacter(std::string_view text);

/// Appends the UTF-8 form of a code point. REQUIRES: at most U+10FFFF.
void AppendUtf8(char32_t code_point, std::string& text);

/// `text` cut to `limit` bytes, never inside a character, with "..." behind it where it was longer.
std::string Shortened(std::string_view text, std::size_t limit);

/// `text` if it is UTF-8 (RFC 3629); otherwise each byte that is in no valid sequence stands there
/// as "\xNN". Names of files need not be UTF-8, and JSON has to be.
std::string ValidUtf8(std::string_view text);

}  // namespace foothold::base
