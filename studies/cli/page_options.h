#pragma once

#include <string>
#include <vector>

#include "foothold/env.h"
#include "studies/page/page.h"

namespace CLI {
class App;
}  // namespace CLI

namespace foothold::cli {

/// Where a study's page goes, beside the terminal.
struct PageOptions {
  std::string output_dir;  ///< of NAME.md and NAME.json; empty: they are not written
  std::string html;        ///< a file; empty: it is not written
  bool json = false;       ///< print JSON instead of tables
};

/// Declares --output-dir, --html and --json. The command is called as its page.
void AddPageOptions(CLI::App& command, PageOptions& options);

/// To be called before the work of which ShowPage gets the result: makes the folder, and fails if a
/// file that ShowPage would write is one of `inputs`.
Status CheckPageOptions(const PageOptions& options, const std::string& name,
                        const std::vector<std::string>& inputs, Env& env);

/// Says on the page what machine this is, unless it says so; writes its files, and prints it.
Status ShowPage(studies::Page page, const PageOptions& options, Env& env);

}  // namespace foothold::cli
