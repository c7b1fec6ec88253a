// Whatever a foreign file holds, what is printed of it holds nothing that a terminal obeys, and
// what was printable stays as it is.

#include <cstdint>
#include <cstdlib>

#include "base/terminal_text.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string line = foothold::base::TerminalText(text);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    Require(byte >= 0x20 && byte != 0x7f);
    const bool is_c1 =
        byte == 0xc2 && i + 1 < line.size() && static_cast<unsigned char>(line[i + 1]) < 0xa0;
    Require(!is_c1);
  }
  Require(foothold::base::TerminalText(line) == line);
  Require(foothold::base::TerminalLines(line) == line);
  Require(foothold::base::TerminalText(foothold::base::TerminalLines(text)) == line);
  return 0;
}
