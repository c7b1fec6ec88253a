#include "cli/common/generated_text.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <vector>

#include "base/text.h"
#include "foothold/version.h"

namespace foothold::cli {
namespace {

/// Calls `visit` for the program's own level and each command, with the words that lead there:
/// "", "tune", "log", "log dump".
void ForEachCommand(const CLI::App& app, const std::string& path,
                    const std::function<void(const std::string&, const CLI::App&)>& visit) {
  visit(path, app);
  for (const CLI::App* command : ShownCommands(app)) {
    ForEachCommand(*command, path.empty() ? command->get_name() : path + " " + command->get_name(),
                   visit);
  }
}

bool TakesValue(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::vector<std::string> WordsAt(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* command : ShownCommands(app)) words.push_back(command->get_name());
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  return words;
}

std::string BashFunction(const Program& program, const CLI::App& app) {
  std::string cases, commands;
  ForEachCommand(app, "", [&](const std::string& path, const CLI::App& command) {
    cases += fmt::format("    '{}') words='{}' ;;\n", path, base::Joined(WordsAt(command), " "));
    if (!path.empty()) commands += fmt::format("|{}", path);
  });
  // The path is as much of the line's words as makes a command.
  return fmt::format(
      "_{0}() {{\n"
      "  local path='' word words=''\n"
      "  for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
      "    case '{1}|' in *\"|${{path:+$path }}$word|\"*) path=\"${{path:+$path }}$word\" ;; esac\n"
      "  done\n"
      "  case \"$path\" in\n{2}  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"${{COMP_WORDS[COMP_CWORD]}}\"))\n"
      "}}\n"
      "complete -o default -F _{0} {0}\n",
      program.name, commands, cases);
}

/// For one within single quotes.
std::string FishText(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string FishScript(const Program& program, const CLI::App& app) {
  std::string script;
  ForEachCommand(app, "", [&](const std::string& path, const CLI::App& command) {
    const std::string where =
        path.empty() ? "__fish_use_subcommand"
                     : fmt::format("__fish_seen_subcommand_from {}", command.get_name());
    for (const CLI::App* one : ShownCommands(command)) {
      script += fmt::format("complete -c {} -n '{}' -a {} -d '{}'\n", program.name, where,
                            one->get_name(), FishText(one->get_description()));
    }
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        script +=
            fmt::format("complete -c {} -n '{}' -l {}{} -d '{}'\n", program.name, where, name,
                        TakesValue(*option) ? " -r" : "", FishText(option->get_description()));
      }
    }
  });
  return script;
}

/// Text that troff takes for text.
std::string Roff(const std::string& text) {
  std::string roff;
  bool is_line_start = true;
  for (const char c : text) {
    if (is_line_start && (c == '.' || c == '\'')) roff += "\\&";
    if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else {
      roff += c;
    }
    is_line_start = c == '\n';
  }
  return roff;
}

std::string NameOf(const CLI::Option& option) {
  std::string name = option.get_positional() ? option.get_name(true) : option.get_name(false, true);
  if (TakesValue(option) && !option.get_positional()) name += " " + option.get_type_name();
  return name;
}

void AddManual(const std::string& title, const CLI::App& command, std::string& page) {
  page += fmt::format(".SS {}\n{}\n", Roff(title), Roff(command.get_description()));
  for (const CLI::Option* option : command.get_options()) {
    page += fmt::format(".TP\n.B {}\n{}\n", Roff(NameOf(*option)), Roff(option->get_description()));
  }
  if (command.get_footer().empty()) return;
  page += fmt::format(".PP\n.nf\n{}\n.fi\n", Roff(command.get_footer()));
}

}  // namespace

Result<std::string> CompletionScript(const Program& program, const std::string& shell) {
  CLI::App app;
  Command chosen;
  DeclareProgram(program, app, chosen);
  if (shell == "bash") return BashFunction(program, app);
  if (shell == "fish") return FishScript(program, app);
  if (shell == "zsh") {
    return "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" +
           BashFunction(program, app);
  }
  return Status::InvalidArgument(
      fmt::format("completion: there is no shell \"{}\"; there are bash, zsh and fish", shell));
}

std::string ManualPage(const Program& program) {
  CLI::App app;
  Command chosen;
  DeclareProgram(program, app, chosen);
  std::string page = fmt::format(
      ".TH {0} 1 \"\" \"{0} {1}\"\n.SH NAME\n{0} \\- {2}\n.SH SYNOPSIS\n.B {0}\n.I COMMAND "
      "[OPTIONS]\n.SH COMMANDS\n",
      Roff(program.name), FOOTHOLD_VERSION, Roff(program.description));
  for (const CLI::App* command : ShownCommands(app)) {
    ForEachCommand(*command, command->get_name(),
                   [&](const std::string& path, const CLI::App& one) {
                     AddManual(program.name + " " + path, one, page);
                   });
  }
  return page + fmt::format(".SH NOTES\n.nf\n{}\n.fi\n", Roff(program.footer));
}

}  // namespace foothold::cli
