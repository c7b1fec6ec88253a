#include "cli/common/table_options.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cctype>

namespace foothold::cli::internal {
namespace {

// CLI11 reports what a parse callback throws as a usage error.
void Set(const base::Option& option, void* values, const std::string& text) {
  const Status status = option.SetText(values, text);
  if (!status.ok()) throw CLI::ValidationError(option.flag(), status.message());
}

std::string HelpOf(const base::Option& option) {
  return option.help() + (option.identifies_run() ? " Another value starts a new run." : "");
}

CLI::Option* AddSwitch(CLI::App& app, const base::Option& option, void* values) {
  const bool on = option.Text(values) == "true";
  const std::string flag = on ? "--no-" + option.flag().substr(2) : option.flag();
  std::string help = HelpOf(option);
  if (on) {
    help[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(help[0])));
    help.insert(0, "Turn off: ");
  }
  return app.add_flag_function(
      flag, [&option, values, on](std::int64_t) { Set(option, values, on ? "false" : "true"); },
      help);
}

CLI::Option* AddValue(CLI::App& app, const base::Option& option, void* values) {
  const std::string help = fmt::format("{} Must be {}.", HelpOf(option), option.TypeAndRange());
  return app
      .add_option_function<std::string>(
          option.flag(), [&option, values](const std::string& text) { Set(option, values, text); },
          help)
      ->default_str(option.Text(values))
      ->type_name(option.unit().empty() ? "N" : option.unit());
}

}  // namespace

void AddOptions(CLI::App& app, const std::vector<base::Option>& options, void* values,
                const std::string& group) {
  for (const base::Option& option : options) {
    CLI::Option* added =
        option.is_bool() ? AddSwitch(app, option, values) : AddValue(app, option, values);
    added->group(group);
  }
}

}  // namespace foothold::cli::internal
