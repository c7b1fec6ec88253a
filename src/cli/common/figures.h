#pragma once

#include <optional>
#include <string>

namespace foothold::cli {

/// Seconds as milliseconds with four significant digits: "4.934".
std::string Milliseconds(double seconds);
/// 10^9 operations per second, with three significant digits where there are so many: "43.9";
/// "-" for 0, when nobody knows the operations.
std::string Gops(double gops);
/// A share as a percentage: "46.9 %"; "-" when unknown.
std::string Percent(std::optional<double> share);

}  // namespace foothold::cli
