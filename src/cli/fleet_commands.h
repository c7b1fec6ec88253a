#pragma once

#include "cli/common/command.h"

namespace CLI {
class App;
}  // namespace CLI

namespace foothold::cli {

/// The parts of `fleet`.
void AddFleetStatus(CLI::App& fleet, Command& chosen);
void AddFleetInit(CLI::App& fleet, Command& chosen);

}  // namespace foothold::cli
