// Which commands the program foothold-study has.
#include <CLI/CLI.hpp>

#include "studies/cli/commands.h"

namespace foothold::cli {
namespace {

constexpr const char* kStudyFooter = R"(Exit codes are those of foothold (see foothold --help).

Example: configs per second of one layer
  foothold-study simulator resnet18.C8)";

void AddCommands(CLI::App& app, Command& chosen) {
  AddTimeToBest(app, chosen);
  AddSpaces(app, chosen);
  AddSynthetic(app, chosen);
  AddBoard(app, chosen);
  AddFidelity(app, chosen);
  AddCpu(app, chosen);
  AddFaults(app, chosen);
  AddNetworkStudy(app, chosen);
  AddSimulator(app, chosen);
  AddPage(app, chosen);
}

}  // namespace

Program StudyProgram() {
  return {"foothold-study", "Measurements of Foothold itself, which its documentation quotes.",
          kStudyFooter, AddCommands};
}

}  // namespace foothold::cli
