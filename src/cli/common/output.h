#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <utility>

#include "foothold/status.h"

// All that the command writes to its standard streams goes through here. Nothing is thrown when a
// stream cannot be written: on the standard error nobody could be told, and it ends no run; of the
// standard output CheckOutput knows afterwards. A standard error that nobody reads (a full pipe, a
// stopped terminal) holds nothing up: what it does not take is dropped. Terminals are shown no
// escapes (base/terminal_text.h).
namespace foothold::cli {

/// To the standard output, where a terminal obeys none of it.
void WriteOut(std::string_view text);
/// To the standard output as it is, unless that is a terminal: for texts that programs read.
void WriteData(std::string_view text);
/// To the standard error, at once, or within a few seconds where its reader is slow.
void WriteErr(std::string_view text);
/// To a stream of messages, as far as it takes the text without waiting for its reader.
void WriteWithoutWaiting(int descriptor, std::string_view text);

template <typename... Args>
void PrintOut(fmt::format_string<Args...> format, Args&&... args) {
  WriteOut(fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void PrintErr(fmt::format_string<Args...> format, Args&&... args) {
  WriteErr(fmt::format(format, std::forward<Args>(args)...));
}

/// Flushes the standard output. IoError when not all that was written to it arrived.
Status CheckOutput();

}  // namespace foothold::cli
