// foothold-study page: the pages that a study's JSON files hold.
#include "studies/page/page.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "studies/cli/commands.h"

namespace foothold::cli {
namespace {

constexpr const char* kEnding = ".json";

struct PageArguments {
  std::vector<std::string> files;
  bool html = false;
};

Status WritePage(const std::string& path, bool html, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string json, env.ReadFile(path));
  FOOTHOLD_ASSIGN_OR_RETURN(const studies::Page page, studies::Page::Parse(json, path));
  if (!path.ends_with(kEnding)) {
    return Status::InvalidArgument(path + ": must end in .json, for the page's name is the same");
  }
  const std::string stem = path.substr(0, path.size() - std::string_view(kEnding).size());
  if (html) return env.WriteFileAtomically(stem + ".html", page.ToHtml());
  return env.WriteFileAtomically(stem + ".md", page.ToMarkdown());
}

Result<ExitCode> Run(const PageArguments& arguments, const Session& session) {
  for (const std::string& path : arguments.files) {
    FOOTHOLD_RETURN_IF_ERROR(WritePage(path, arguments.html, session.env));
  }
  return ExitCode::kOk;
}

}  // namespace

void AddPage(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<PageArguments>();
  CLI::App* page = app.add_subcommand("page", "Make pages again of what studies found");
  page->footer(
      "Writes NAME.md beside each NAME.json.\n\n"
      "Example: all tables and charts of a study in one file for a browser\n"
      "  foothold-study page results/time-to-best.json --html");
  page->add_option("FILE", arguments->files, "What --output-dir of a study wrote: NAME.json")
      ->required();
  page->add_flag("--html", arguments->html, "Write NAME.html instead, with the charts");
  page->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return Run(*arguments, session); };
  });
}

}  // namespace foothold::cli
