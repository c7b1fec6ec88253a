#pragma once

#include <string>
#include <string_view>

namespace foothold::child {

/// The last line of `text` that is not blank, as it stands there; empty when there is none.
std::string_view RawLastLine(std::string_view text);

/// Fit for a log: printable ASCII without blanks at the ends, at most 200 characters. What a
/// program prints need not be UTF-8, and goes into JSON.
std::string Printable(std::string_view line);

/// The last line of `text` that is not blank, fit for a log.
std::string LastLine(std::string_view text);
/// The same for the first line that says "error", and the last one when there is none.
std::string FirstErrorLine(std::string_view text);

}  // namespace foothold::child
