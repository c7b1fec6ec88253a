#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "foothold/env.h"
#include "foothold/status.h"

namespace CLI {
class App;
}  // namespace CLI

namespace foothold::cli {

/// What the process ends with. Scripts depend on the numbers: do not change them.
enum class ExitCode {
  kOk = 0,
  kNo = 1,           ///< the question's answer is no: outputs differ, nothing correct was found
  kBadInput = 2,     ///< arguments or files that are wrong; one line on stderr says how
  kEnvironment = 3,  ///< the operating system refused, or something outside did not answer
  kInterrupted = 130,
};
ExitCode ExitCodeFor(StatusCode code);

/// What the commands see of the world.
struct Session {
  Env& env;
  const std::atomic<bool>& interrupt;  ///< turns true on the first SIGINT or SIGTERM
};

/// A sub-command with its parsed arguments. A Status is printed as "foothold: <message>".
using Command = std::function<Result<ExitCode>(const Session&)>;

/// Each declares one sub-command with its options and help; parsing it sets `chosen`.
void AddTune(CLI::App& app, Command& chosen);
void AddExplain(CLI::App& app, Command& chosen);
void AddExplore(CLI::App& app, Command& chosen);
void AddBest(CLI::App& app, Command& chosen);
void AddReport(CLI::App& app, Command& chosen);
void AddLog(CLI::App& app, Command& chosen);
void AddVta(CLI::App& app, Command& chosen);
void AddList(CLI::App& app, Command& chosen);
void AddBench(CLI::App& app, Command& chosen);
void AddDoctor(CLI::App& app, Command& chosen);
void AddCalibrate(CLI::App& app, Command& chosen);
/// The part of `bench` that compares with a real board.
void AddBenchFidelity(CLI::App& bench, Command& chosen);
void AddBenchBoard(CLI::App& bench, Command& chosen);
/// The part of `bench` that compares searchers.
void AddBenchTimeToBest(CLI::App& bench, Command& chosen);
/// The part of `bench` that scores searchers on recorded spaces.
void AddBenchSpaces(CLI::App& bench, Command& chosen);
/// The part of `vta` that shows a machine's figures.
void AddVtaMachine(CLI::App& vta, Command& chosen);

/// The whole command: parses, runs, prints the complaint if there is one. `argv` as main gets it.
ExitCode RunCommandLine(int argc, const char* const* argv, const Session& session);

/// Every sub-command's --help, one after the other, as the page docs/cli.md.
std::string HelpPage();

}  // namespace foothold::cli
