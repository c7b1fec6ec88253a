#include "cli/common/program.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "base/similar.h"
#include "base/text.h"
#include "cli/common/help_format.h"
#include "cli/common/output.h"
#include "foothold/version.h"

namespace foothold::cli {
namespace {

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

ExitCode Complain(const Program& program, ExitCode code, const std::string& message) {
  (void)CheckOutput();  // so that it comes first; it is what comes now that counts
  PrintErr("{}: {}\n", program.name, OneLine(message));
  return code;
}

// A full disk or a closed pipe must not look like success.
ExitCode FlushOutput(const Program& program, ExitCode code) {
  const Status written = CheckOutput();
  if (written.ok()) return code;
  return Complain(program, ExitCodeFor(written.code()), written.message());
}

ExitCode Run(const Program& program, const Command& command, const Session& session) {
  const Result<ExitCode> result = command(session);
  if (result.ok()) return FlushOutput(program, *result);
  return Complain(program, ExitCodeFor(result.status().code()), result.status().message());
}

// The command that the words so far have led to, and those words: "foothold log".
struct Place {
  const CLI::App* app;
  std::string name;

  std::vector<std::string> CommandNames() const {
    std::vector<std::string> names;
    for (const CLI::App* sub : ShownCommands(*app)) names.push_back(sub->get_name());
    return names;
  }
  std::vector<std::string> OptionNames() const {
    std::vector<std::string> names;
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& word : option->get_lnames()) names.push_back("--" + word);
    }
    return names;
  }
};

Place PlaceOf(const CLI::App& app) {
  Place place{&app, app.get_name()};
  while (!place.app->get_subcommands().empty()) {
    place.app = place.app->get_subcommands().front();
    place.name += " " + place.app->get_name();
  }
  return place;
}

// CLI11 would say that a sub-command is required even where an unknown one was given; so it is not
// told that one is, and complains about the unknown word instead.
std::string MissingCommand(const CLI::App& app) {
  const Place place = PlaceOf(app);
  return fmt::format("a command must follow {}: one of {} (see {} --help)", place.name,
                     base::Joined(place.CommandNames(), ", "), place.name);
}

// What the first word that nothing takes is likely to have meant.
std::string Meant(const CLI::App& app) {
  const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
  if (unknown.empty()) return "";
  const Place place = PlaceOf(app);
  const std::string word = unknown.front().substr(0, unknown.front().find('='));
  return base::DidYouMean(word, word.starts_with('-') ? place.OptionNames() : place.CommandNames());
}

// Help for a command that does not exist would be help for another one.
std::string UnknownCommand(const CLI::App& app) {
  const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
  const Place place = PlaceOf(app);
  if (unknown.empty() || unknown.front().starts_with('-') || place.CommandNames().empty())
    return "";
  return fmt::format("{} has no command {}{}; see {} --help", place.name, unknown.front(),
                     Meant(app), place.name);
}

/// All options; of a command with sub-commands without theirs.
std::string HelpOf(const CLI::App& app, const std::string& before) {
  return app.help(
      before, ShownCommands(app).empty() ? CLI::AppFormatMode::All : CLI::AppFormatMode::Normal);
}

/// `before` are the words of the command line before the command's own name.
void AppendHelp(const CLI::App& app, const std::string& before, std::string& page) {
  const std::string name = before.empty() ? app.get_name() : before + " " + app.get_name();
  page += fmt::format("\n## {}\n\n```text\n{}```\n", name, HelpOf(app, before));
  for (const CLI::App* sub : ShownCommands(app)) AppendHelp(*sub, name, page);
}

}  // namespace

void DeclareProgram(const Program& program, CLI::App& app, Command& chosen) {
  app.name(program.name);
  app.description(program.description);
  app.footer(program.footer);
  app.formatter(std::make_shared<HelpFormat>());
  app.set_help_flag("-h,--help", "Show this help");
  app.set_help_all_flag("--help-all", "Show help with all options");
  app.set_version_flag("--version", program.name + " " FOOTHOLD_VERSION);
  program.add_commands(app, chosen);
}

std::vector<const CLI::App*> ShownCommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); });
}

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

ExitCode RunCommandLine(const Program& program, int argc, const char* const* argv,
                        const Session& session) {
  CLI::App app;
  Command chosen;
  DeclareProgram(program, app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {  // --help and --version
    const std::string unknown = UnknownCommand(app);
    if (!unknown.empty()) return Complain(program, ExitCode::kBadInput, unknown);
    std::ostringstream text;
    app.exit(help, text);
    WriteOut(text.str());
    return FlushOutput(program, ExitCode::kOk);
  } catch (const CLI::ParseError& error) {
    return Complain(program, ExitCode::kBadInput,
                    fmt::format("{}{} (see {} --help)", error.what(), Meant(app), program.name));
  }
  if (!chosen) return Complain(program, ExitCode::kBadInput, MissingCommand(app));
  return Run(program, chosen, session);
}

std::string HelpPage(const Program& program, const std::string& title) {
  CLI::App app;
  Command chosen;
  DeclareProgram(program, app, chosen);
  std::string page =
      fmt::format("# {}\n\nGenerated from `{} --help-all` by `./dev docs`; do not edit.\n", title,
                  program.name);
  AppendHelp(app, "", page);
  return page;
}

}  // namespace foothold::cli
