#include "cli/common/figures.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace foothold::cli {

namespace {

// `digits` significant digits, zeros after the point counted as such.
std::string Significant(double number, int digits) {
  const int before_point = number >= 1 ? static_cast<int>(std::floor(std::log10(number))) + 1 : 0;
  return fmt::format("{:.{}f}", number, std::max(0, digits - before_point));
}

}  // namespace

std::string Milliseconds(double seconds) { return Significant(seconds * 1e3, 4); }

std::string Gops(double gops) { return gops > 0 ? Significant(gops, 3) : "-"; }

std::string Percent(std::optional<double> share) {
  return share ? fmt::format("{:.1f} %", *share * 100) : "-";
}

}  // namespace foothold::cli
