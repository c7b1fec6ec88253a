#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace foothold::report {

/// With five significant digits: more cannot be seen in a chart.
double Rounded(double value);
base::Json Rounded(std::optional<double> value);

/// At most `limit` bytes of it, cut between characters, and then "...".
std::string Shortened(std::string_view text, std::size_t limit = 160);

}  // namespace foothold::report
