#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/common/command.h"

namespace CLI {
class App;
}  // namespace CLI

namespace foothold::cli {

/// A program that is made of sub-commands.
struct Program {
  std::string name;
  std::string description;  ///< one line
  std::string footer;       ///< the end of --help
  /// Declares the sub-commands; parsing one sets `chosen`.
  std::function<void(CLI::App& app, Command& chosen)> add_commands;
};

/// Gives `app` the program's name, texts and sub-commands.
void DeclareProgram(const Program& program, CLI::App& app, Command& chosen);
/// The sub-commands of `app` that the help shows.
std::vector<const CLI::App*> ShownCommands(const CLI::App& app);

/// The whole program: parses, runs, prints the complaint if there is one. `argv` as main gets it.
ExitCode RunCommandLine(const Program& program, int argc, const char* const* argv,
                        const Session& session);

/// What main does: RunCommandLine in the real world. SIGINT, SIGTERM and all other signals
/// that ask a process to end set Session::interrupt.
int RunMain(const Program& program, int argc, const char* const* argv);

/// Every sub-command's --help, one after the other, as a page of the documentation.
std::string HelpPage(const Program& program, const std::string& title);

}  // namespace foothold::cli
