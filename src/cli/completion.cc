// foothold completion and foothold man: texts for shells and for man(1), made of the commands.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/common/generated_text.h"
#include "cli/common/output.h"

namespace foothold::cli {
namespace {

constexpr const char* kCompletionFooter = R"(Example: in bash, for this session or in ~/.bashrc
  source <(foothold completion bash)

Example: in zsh, in ~/.zshrc
  source <(foothold completion zsh)

Example: in fish, for good
  foothold completion fish > ~/.config/fish/completions/foothold.fish)";

constexpr const char* kManFooter = R"(Example: read it, and install it
  foothold man | man -l -
  foothold man > ~/.local/share/man/man1/foothold.1)";

}  // namespace

void AddCompletion(CLI::App& app, Command& chosen) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion =
      app.add_subcommand("completion", "Print a script that completes commands in a shell");
  completion->footer(kCompletionFooter);
  completion->add_option("SHELL", *shell, "bash, zsh or fish")->required();
  completion->callback([shell, &chosen] {
    chosen = [shell](const Session&) -> Result<ExitCode> {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::string script,
                                CompletionScript(FootholdProgram(), *shell));
      WriteData(script);
      return ExitCode::kOk;
    };
  });

  CLI::App* man = app.add_subcommand("man", "Print the manual page, as man(1) reads it");
  man->footer(kManFooter);
  man->callback([&chosen] {
    chosen = [](const Session&) -> Result<ExitCode> {
      WriteData(ManualPage(FootholdProgram()));
      return ExitCode::kOk;
    };
  });
}

}  // namespace foothold::cli
