#pragma once

#include <string>
#include <string_view>

#include "network/quantise/quantise.h"

namespace CLI {
class App;
}  // namespace CLI

namespace foothold::cli {

/// Declares --scales, whose words are those of network::Scales.
void AddScales(CLI::App& command, std::string& scales);
/// REQUIRES: one of those words.
network::Scales ScalesOf(std::string_view word);

}  // namespace foothold::cli
