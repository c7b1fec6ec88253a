#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace foothold::cli {

/// `text` in lines of at most 80 columns. Lines that are indented, such as examples, stay as they
/// are; of the others, those that were broken for length alone are filled again. Ends as it did.
std::string Wrapped(std::string_view text);

/// Help in 80 columns. --help shows the options of the first group only and says what else there
/// is; --help-all shows all.
class HelpFormat : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_subcommand(const CLI::App* sub) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_footer(const CLI::App* app) const override;

 private:
  std::string FirstGroup(const CLI::App& app) const;
};

}  // namespace foothold::cli
