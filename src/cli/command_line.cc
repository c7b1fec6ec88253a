#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "cli/command.h"
#include "foothold/version.h"

namespace foothold::cli {
namespace {

constexpr const char* kFooter = R"(Exit codes:
  0    done, and the answer is yes
  1    the answer is no: outputs differ, nothing correct was found
  2    bad input: one line on stderr says what is wrong and what would be right
  3    the operating system refused, or something outside did not answer
  130  interrupted by Ctrl-C; everything measured is saved

Example: tune one layer of ResNet-18 for a simulated PYNQ board, then ask what bounds the result
  foothold tune resnet18.C8 --target vta:pynq --trials 200
  foothold explain resnet18.C8 index=575)";

void DeclareAll(CLI::App& app, Command& chosen) {
  app.name("foothold");
  app.description("Foothold finds the fastest way to run a DNN operator on a target.");
  app.footer(kFooter);
  app.set_version_flag("--version", "foothold " FOOTHOLD_VERSION);
  AddTune(app, chosen);
  AddExplain(app, chosen);
  AddExplore(app, chosen);
  AddBest(app, chosen);
  AddReport(app, chosen);
  AddLog(app, chosen);
  AddVta(app, chosen);
  AddList(app, chosen);
  AddBench(app, chosen);
  AddDoctor(app, chosen);
  AddCalibrate(app, chosen);
}

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

ExitCode Complain(ExitCode code, const std::string& message) {
  std::fflush(stdout);
  fmt::print(stderr, "foothold: {}\n", OneLine(message));
  return code;
}

// A full disk or a closed pipe must not look like success.
ExitCode FlushOutput(ExitCode code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  return Complain(ExitCode::kEnvironment, "cannot write the output");
}

ExitCode Run(const Command& command, const Session& session) {
  const Result<ExitCode> result = command(session);
  if (result.ok()) return FlushOutput(*result);
  return Complain(ExitCodeFor(result.status().code()), result.status().message());
}

// CLI11 would say that a sub-command is required even where an unknown one was given; so it is not
// told that one is, and complains about the unknown word instead.
std::string MissingCommand(const CLI::App& app) {
  const CLI::App* innermost = &app;
  std::string name = app.get_name();
  while (!innermost->get_subcommands().empty()) {
    innermost = innermost->get_subcommands().front();
    name += " " + innermost->get_name();
  }
  std::vector<std::string> names;
  for (const CLI::App* sub : innermost->get_subcommands({})) names.push_back(sub->get_name());
  return fmt::format("a command must follow {}: one of {} (see {} --help)", name,
                     Joined(names, ", "), name);
}

/// `before` are the words of the command line before the command's own name.
void AppendHelp(const CLI::App& app, const std::string& before, std::string& page) {
  const std::string name = before.empty() ? app.get_name() : before + " " + app.get_name();
  page += fmt::format("\n## {}\n\n```text\n{}```\n", name, app.help(before));
  for (const CLI::App* sub : app.get_subcommands({})) {
    AppendHelp(*sub, name, page);
  }
}

}  // namespace

ExitCode ExitCodeFor(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return ExitCode::kOk;
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
    case StatusCode::kDataLoss:
      return ExitCode::kBadInput;
    case StatusCode::kIoError:
    case StatusCode::kUnavailable:
      return ExitCode::kEnvironment;
    case StatusCode::kCancelled:
      return ExitCode::kInterrupted;
  }
  return ExitCode::kEnvironment;
}

ExitCode RunCommandLine(int argc, const char* const* argv, const Session& session) {
  CLI::App app;
  Command chosen;
  DeclareAll(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {  // --help and --version
    app.exit(help);
    return FlushOutput(ExitCode::kOk);
  } catch (const CLI::ParseError& error) {
    return Complain(ExitCode::kBadInput, std::string(error.what()) + " (see foothold --help)");
  }
  if (!chosen) return Complain(ExitCode::kBadInput, MissingCommand(app));
  return Run(chosen, session);
}

std::string HelpPage() {
  CLI::App app;
  Command chosen;
  DeclareAll(app, chosen);
  std::string page =
      "# The command line\n\n"
      "Generated from `foothold --help` by `./dev docs`; do not edit.\n";
  AppendHelp(app, "", page);
  return page;
}

}  // namespace foothold::cli
