#pragma once

#include "cli/common/command.h"
#include "cli/common/program.h"

namespace CLI {
class App;
}  // namespace CLI

namespace foothold::cli {

/// The program `foothold-study`.
Program StudyProgram();

/// Each declares one sub-command with its options and help; parsing it sets `chosen`.
void AddTimeToBest(CLI::App& app, Command& chosen);
void AddSpaces(CLI::App& app, Command& chosen);
void AddSynthetic(CLI::App& app, Command& chosen);
void AddBoard(CLI::App& app, Command& chosen);
void AddFidelity(CLI::App& app, Command& chosen);
void AddCpu(CLI::App& app, Command& chosen);
void AddFaults(CLI::App& app, Command& chosen);
void AddNetworkStudy(CLI::App& app, Command& chosen);
void AddSimulator(CLI::App& app, Command& chosen);
void AddPage(CLI::App& app, Command& chosen);

}  // namespace foothold::cli
