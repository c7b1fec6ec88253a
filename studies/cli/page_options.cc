#include "studies/cli/page_options.h"

#include <CLI/CLI.hpp>

#include "cli/common/files.h"
#include "cli/common/output.h"
#include "tune/machine.h"

namespace foothold::cli {

void AddPageOptions(CLI::App& command, PageOptions& options) {
  const std::string name = command.get_name();
  command
      .add_option("--output-dir", options.output_dir,
                  "Write " + name + ".md and " + name + ".json to this folder")
      ->type_name("DIR");
  command
      .add_option("--html", options.html, "Write a page with all tables and charts to this file")
      ->type_name("FILE");
  command.add_flag("--json", options.json, "Print JSON");
}

Status CheckPageOptions(const PageOptions& options, const std::string& name,
                        const std::vector<std::string>& inputs, Env& env) {
  FOOTHOLD_RETURN_IF_ERROR(CheckIsNoInput(env, "--html", options.html, inputs));
  const std::string& folder = options.output_dir;
  if (folder.empty()) return {};
  FOOTHOLD_RETURN_IF_ERROR(env.CreateDirectories(folder));
  if (!env.IsUsableDirectory(folder)) {
    return Status::IoError("--output-dir " + folder + ": cannot write to it");
  }
  for (const char* ending : {".md", ".json"}) {
    FOOTHOLD_RETURN_IF_ERROR(
        CheckIsNoInput(env, "--output-dir", folder + "/" + name + ending, inputs));
  }
  return {};
}

Status ShowPage(studies::Page page, const PageOptions& options, Env& env) {
  if (!page.has_machine()) page.SetMachine(tune::DescribeMachine(env));
  if (!options.output_dir.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(page.Write(env, options.output_dir));
  }
  if (!options.html.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(options.html, page.ToHtml()));
  }
  WriteOut(options.json ? page.ToJson() : page.ToText());
  return {};
}

}  // namespace foothold::cli
