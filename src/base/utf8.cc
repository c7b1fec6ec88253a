#include "base/utf8.h"

#include "base/check.h"

namespace foothold::base {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// What the first byte of a character says about the others.
struct Lead {
  std::size_t bytes;    // of the whole character; 0: it begins none
  unsigned char first;  // the second byte's range; those behind it have the full one
  unsigned char last;
};

Lead LeadOf(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};  // below it is an overlong form
  if (byte == 0xED) return {3, 0x80, 0x9F};  // above it are the surrogates
  if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};  // above it is more than U+10FFFF
  return {0, 0, 0};
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

Utf8Character FirstCharacter(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {1, true, byte(0)};
  const Lead lead = LeadOf(byte(0));
  if (lead.bytes == 0) return {1, false, kReplacement};
  char32_t code_point = byte(0) & (0xFFU >> (lead.bytes + 1));
  for (std::size_t i = 1; i < lead.bytes; ++i) {
    if (i == text.size()) return {i, false, kReplacement};
    const bool fits =
        i == 1 ? byte(1) >= lead.first && byte(1) <= lead.last : IsContinuation(text[i]);
    if (!fits) return {i, false, kReplacement};
    code_point = code_point << 6 | (byte(i) & 0x3FU);
  }
  return {lead.bytes, true, code_point};
}

void AppendUtf8(char32_t code_point, std::string& text) {
  FOOTHOLD_CHECK(code_point <= 0x10FFFF);
  const auto continuation = [&](int shift) {
    text += static_cast<char>(0x80 | (code_point >> shift & 0x3F));
  };
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    text += static_cast<char>(0xC0 | code_point >> 6);
    continuation(0);
  } else if (code_point < 0x10000) {
    text += static_cast<char>(0xE0 | code_point >> 12);
    continuation(6);
    continuation(0);
  } else {
    text += static_cast<char>(0xF0 | code_point >> 18);
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

std::string Shortened(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  while (limit > 0 && IsContinuation(text[limit])) --limit;
  return std::string(text.substr(0, limit)) + "...";
}

std::string ValidUtf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const Utf8Character first = FirstCharacter(text);
    if (first.is_valid) {
      valid += text.substr(0, first.bytes);
    } else {
      constexpr std::string_view kDigits = "0123456789abcdef";
      for (const char c : text.substr(0, first.bytes)) {
        const auto byte = static_cast<unsigned char>(c);
        valid += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
      }
    }
    text.remove_prefix(first.bytes);
  }
  return valid;
}

}  // namespace foothold::base
