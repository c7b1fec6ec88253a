// Which commands the program foothold has.
#include <CLI/CLI.hpp>

#include "cli/commands.h"

namespace foothold::cli {
namespace {

constexpr const char* kExitCodesFooter = R"(Exit codes:
  0    done, and the answer is yes
  1    the answer is no: outputs differ, nothing correct was found
  2    bad input: one line on stderr says what is wrong and what would be right
  3    the operating system refused, or something outside did not answer
  130  interrupted by Ctrl-C or a signal; everything measured is saved

A file named - is the standard input where a command reads, and the standard
output where it writes.

Example: tune one layer of ResNet-18 for a simulated PYNQ board, then ask what bounds the result
  foothold tune resnet18.C8 --target vta:pynq --trials 200
  foothold explain resnet18.C8 index=575)";

void AddCommands(CLI::App& app, Command& chosen) {
  AddTune(app, chosen);
  AddTry(app, chosen);
  AddExplain(app, chosen);
  AddExplore(app, chosen);
  AddBest(app, chosen);
  AddReport(app, chosen);
  AddLog(app, chosen);
  AddVta(app, chosen);
  AddNetwork(app, chosen);
  AddCompile(app, chosen);
  AddRun(app, chosen);
  AddList(app, chosen);
  AddWorker(app, chosen);
  AddFleet(app, chosen);
  AddDoctor(app, chosen);
  AddCalibrate(app, chosen);
  AddCompletion(app, chosen);
  AddBench(app, chosen);
}

}  // namespace

Program FootholdProgram() {
  return {"foothold", "Foothold finds the fastest way to run a DNN operator on a target.",
          kExitCodesFooter, AddCommands};
}

}  // namespace foothold::cli
