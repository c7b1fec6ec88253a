#pragma once

#include <string>
#include <string_view>

namespace foothold::base {

/// `text` on one line that a terminal shows and does not obey: control characters, those that turn
/// the direction of writing, and bytes that are no UTF-8 become escapes such as \u001b or \x9b.
/// What was escaped within a JSON string still means the same.
std::string TerminalText(std::string_view text);

/// The same for a text of several lines: line breaks and tabs stay.
std::string TerminalLines(std::string_view text);

}  // namespace foothold::base
