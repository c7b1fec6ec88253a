#include "base/terminal_text.h"

#include <fmt/core.h>

#include <cstdint>

#include "base/utf8.h"

namespace foothold::base {
namespace {

bool IsObeyed(char32_t code) {
  const bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const bool turns_direction = code == 0x061c || code == 0x200e || code == 0x200f ||
                               (code >= 0x202a && code <= 0x202e) ||
                               (code >= 0x2066 && code <= 0x2069);
  const bool breaks_line = code == 0x2028 || code == 0x2029;
  return is_control || turns_direction || breaks_line;
}

std::string Escaped(std::string_view text, std::string_view kept) {
  std::string printable;
  printable.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = FirstCharacter(text);
    const std::string_view bytes = text.substr(0, character.bytes);
    if (!character.is_valid) {
      for (const char byte : bytes) {
        printable += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
      }
    } else if (IsObeyed(character.code_point) && kept.find(bytes) == std::string_view::npos) {
      printable += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character.code_point));
    } else {
      printable += bytes;
    }
    text.remove_prefix(character.bytes);
  }
  return printable;
}

}  // namespace

std::string TerminalText(std::string_view text) { return Escaped(text, ""); }

std::string TerminalLines(std::string_view text) { return Escaped(text, "\n\t"); }

}  // namespace foothold::base
