#include "cli/common/scales_option.h"

#include <CLI/CLI.hpp>

namespace foothold::cli {

void AddScales(CLI::App& command, std::string& scales) {
  const std::string power(ToString(network::Scales::kPowerOfTwo));
  const std::string ratio(ToString(network::Scales::kRatio));
  command
      .add_option("--scales", scales,
                  "Scales of int8 values: " + power + ", or " + ratio +
                      ", any that leave shifts between layers")
      ->check(CLI::IsMember({power, ratio}).description(""))
      ->capture_default_str();
}

network::Scales ScalesOf(std::string_view word) {
  return word == ToString(network::Scales::kRatio) ? network::Scales::kRatio
                                                   : network::Scales::kPowerOfTwo;
}

}  // namespace foothold::cli
