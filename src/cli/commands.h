#pragma once

#include "cli/common/command.h"
#include "cli/common/program.h"

namespace CLI {
class App;
}  // namespace CLI

namespace foothold::cli {

/// The program `foothold`.
Program FootholdProgram();

/// Each declares one sub-command with its options and help; parsing it sets `chosen`.
void AddTune(CLI::App& app, Command& chosen);
void AddTry(CLI::App& app, Command& chosen);
void AddExplain(CLI::App& app, Command& chosen);
void AddExplore(CLI::App& app, Command& chosen);
void AddBest(CLI::App& app, Command& chosen);
void AddReport(CLI::App& app, Command& chosen);
void AddLog(CLI::App& app, Command& chosen);
void AddVta(CLI::App& app, Command& chosen);
void AddNetwork(CLI::App& app, Command& chosen);
void AddCompile(CLI::App& app, Command& chosen);
void AddRun(CLI::App& app, Command& chosen);
void AddList(CLI::App& app, Command& chosen);
void AddDoctor(CLI::App& app, Command& chosen);
/// A worker of a fleet.
void AddWorker(CLI::App& app, Command& chosen);
/// `fleet status` and `fleet init`.
void AddFleet(CLI::App& app, Command& chosen);
/// `completion` and `man`.
void AddCompletion(CLI::App& app, Command& chosen);
void AddCalibrate(CLI::App& app, Command& chosen);
/// Not in the help: says which command of the program foothold-study does what `bench` did.
void AddBench(CLI::App& app, Command& chosen);
/// The part of `vta` that shows a machine's figures.
void AddVtaMachine(CLI::App& vta, Command& chosen);

}  // namespace foothold::cli
