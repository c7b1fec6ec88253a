#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace foothold {

/// The names of the members of the object at `place` in the order of the text, which a parsed
/// object does not keep. `place` are the keys and element numbers that lead there:
/// {"results", "0", "configuration"}. Empty when there is no such object. O(text). REQUIRES: `text`
/// is JSON.
std::vector<std::string> MemberNames(std::string_view text, const std::vector<std::string>& place);

}  // namespace foothold
