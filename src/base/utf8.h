#pragma once

#include <string>
#include <string_view>

namespace foothold {

/// `text` if it is UTF-8 (RFC 3629); otherwise each byte that is in no valid sequence stands there
/// as "\xNN". Names of files need not be UTF-8, and JSON has to be.
std::string ValidUtf8(std::string_view text);

}  // namespace foothold
