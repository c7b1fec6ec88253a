#include "targets/child/output_line.h"

#include <algorithm>

namespace foothold::child {
namespace {

constexpr std::size_t kMaxLine = 200;

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

std::string_view RawLastLine(std::string_view text) {
  while (!text.empty()) {
    const std::size_t start = text.rfind('\n') + 1;  // npos + 1 == 0
    const std::string_view line = text.substr(start);
    if (!IsBlank(line)) return line;
    text = text.substr(0, start == 0 ? 0 : start - 1);
  }
  return {};
}

std::string Printable(std::string_view line) {
  const std::size_t start = std::min(line.find_first_not_of(" \t\r"), line.size());
  line.remove_prefix(start);
  std::string text;
  for (const char c : line.substr(0, kMaxLine)) {
    text += c >= ' ' && c < '\x7f' ? c : (static_cast<unsigned char>(c) < ' ' ? ' ' : '?');
  }
  while (text.ends_with(' ')) text.pop_back();
  if (line.size() > kMaxLine) text += "...";
  return text;
}

std::string LastLine(std::string_view text) { return Printable(RawLastLine(text)); }

std::string FirstErrorLine(std::string_view text) {
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (line.find("error") != std::string_view::npos) return Printable(line);
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return LastLine(text);
}

}  // namespace foothold::child
