// foothold bench: where it went.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/commands.h"

namespace foothold::cli {

void AddBench(CLI::App& app, Command& chosen) {
  CLI::App* bench = app.add_subcommand("bench");
  bench->group("");  // not in the help
  bench->set_help_flag();
  bench->prefix_command();
  bench->callback([bench, &chosen] {
    const std::vector<std::string> words = bench->remaining();
    const std::string name = words.empty() || words[0].starts_with("-") ? "" : " " + words[0];
    chosen = [name](const Session&) -> Result<ExitCode> {
      return Status::InvalidArgument(fmt::format(
          "bench{0}: is now foothold-study{0}, a program of its own (see foothold-study --help; it "
          "is built with -DFOOTHOLD_STUDIES=ON)",
          name));
    };
  });
}

}  // namespace foothold::cli
