#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/process.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "foothold/workload.h"
#include "targets/child/judge.h"
#include "targets/command/argument.h"

namespace foothold::command {

/// A text with placeholders, and where it stands, "path:line: run.command[2]", for complaints about
/// placeholders that only a workload can tell.
struct PlacedText {
  Argument text;
  std::string where;
};

/// A command to build or to run a candidate with, and what its end means.
struct Stage {
  std::vector<PlacedText> command;
  ProcessLimits limits;
  /// By exit code; nullopt: infrastructure. Codes that are not here mean what the stage's other
  /// failures mean.
  child::ExitMeanings outcomes;
};

/// A command-target file (docs/formats/command-target.md).
struct CommandFile {
  std::string path;
  std::string description;           ///< one line, may be empty
  std::optional<Workload> workload;  ///< the only one that it is for
  bool exact_times = false;          ///< TaskTraits::times_are_exact
  std::vector<Parameter> parameters;
  std::vector<Constraint> constraints;
  std::map<std::string, PlacedText> environment;
  /// Made in the candidate's folder before it is built, by relative path.
  std::map<std::string, PlacedText> files;
  /// Likewise, with the text of another file in which @NAME@ is a placeholder.
  struct Template {
    std::string path;    ///< in the candidate's folder
    std::string source;  ///< relative to the folder of the file, or absolute
    std::string where;   ///< "path:line: templates[...]"
  };
  std::vector<Template> templates;
  std::optional<Stage> build;
  int builds_per_trial = 1;  ///< TaskTraits::builds_per_trial; 1 without `build`
  Stage run;
  /// Files and directories on which results depend beside those that the commands name.
  struct Depends {
    std::string path;   ///< as it stands there: relative to the folder of the file, or absolute
    std::string where;  ///< "path:line: depends[1]"
  };
  std::vector<Depends> depends;
  /// Files that candidates write, though the commands name them: paths or patterns, relative to the
  /// folder of the file or absolute. Results do not depend on them.
  std::vector<std::string> outputs;
};

/// The placeholders beside parameters and "workload.FIELD": the folder that is the candidate's own,
/// the folder of the file, and the config's index in the space.
inline constexpr const char* kWorkdir = "workdir";
inline constexpr const char* kHere = "here";
inline constexpr const char* kIndex = "index";
inline constexpr std::string_view kWorkloadPrefix = "workload.";

/// Nodes that the count of a file's space may take (Space::Create): some seconds at most, for a
/// file that may be of anybody.
inline constexpr std::size_t kMostSpaceNodes = 2'000'000;

/// All texts with placeholders, but for templates. They live as long as `file`.
std::vector<const PlacedText*> TextsOf(const CommandFile& file);

/// Reads a file's text; `path` is for messages and {here}. Errors name file, line and field;
/// unknown fields are errors.
Result<CommandFile> ParseCommandFile(std::string_view json, std::string_view path);

}  // namespace foothold::command
