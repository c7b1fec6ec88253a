#pragma once

#include <cstdint>
#include <string_view>

namespace foothold::base {

/// About how many bytes of memory the JSON document `text` takes when it is parsed; what is not
/// JSON gives some number. Fast against parsing.
std::uint64_t EstimateJsonBytes(std::string_view text);

/// Whether that is more than a document of this length can need that was written to say something:
/// one made of nothing but brackets and digits takes many times its length.
bool IsTooCostlyToParse(std::string_view text);

}  // namespace foothold::base
