// Any text as a board file, and as a timing profile: a valid one comes out, which is written in a
// form that reads back the same, or one line that says why not.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "targets/vta/board_file.h"

namespace {

using foothold::Status;

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireOneLine(const Status& status) {
  Require(!status.ok() && !status.message().empty());
  Require(status.message().find('\n') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto board = foothold::vta::ParseBoardFile(text, "fuzz");
  if (board.ok()) {
    Require(Validate(board->config.geometry).ok() && Validate(board->timing).ok());
    const std::string written = ToJson(*board);
    const auto again = foothold::vta::ParseBoardFile(written, "again");
    Require(again.ok() && ToJson(*again) == written);
  } else {
    RequireOneLine(board.status());
  }
  const auto timing = foothold::vta::ParseTiming(text, "fuzz");
  if (timing.ok()) {
    Require(Validate(*timing).ok());
    const auto again = foothold::vta::ParseTiming(ToJson(*timing), "again");
    Require(again.ok() && ToJson(*again) == ToJson(*timing) && ToText(*again) == ToText(*timing));
  } else {
    RequireOneLine(timing.status());
  }
  return 0;
}
