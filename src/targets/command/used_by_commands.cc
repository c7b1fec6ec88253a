#include "targets/command/used_by_commands.h"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iterator>

#include "base/content_hash.h"

namespace foothold::command {
namespace {

/// Between two words of a script or an argument; paths may stand behind each of them.
constexpr std::string_view kBetweenWords = " \t\n\"'`;|&()<>=,:@{}";
/// Between two commands of a script.
constexpr std::string_view kBetweenCommands = "\n;|&()`{}";
/// Words of the shell's own, behind which a command may follow.
constexpr std::string_view kBeforeCommands[] = {"if",    "then",  "else", "elif", "while",
                                                "until", "do",    "!",    "exec", "env",
                                                "time",  "nohup", "nice", "eval", "command"};
/// Variables that say where something happens rather than what.
constexpr std::string_view kPlaces[] = {"PWD", "OLDPWD", "SHLVL", "TMPDIR", "_", "PATH"};
constexpr std::string_view kShells[] = {"sh", "bash", "dash", "zsh", "ksh", "ash"};

template <std::size_t count>
bool IsOneOf(const std::string_view (&words)[count], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::vector<std::string> Split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return parts;
}

bool IsNameCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// The variables that a script reads: $NAME and ${NAME...}.
std::vector<std::string> VariablesOf(std::string_view script) {
  std::vector<std::string> names;
  for (std::size_t at = script.find('$'); at != std::string_view::npos;
       at = script.find('$', at + 1)) {
    std::string_view rest = script.substr(at + 1);
    if (rest.starts_with('{')) rest.remove_prefix(1);
    const auto end = std::find_if_not(rest.begin(), rest.end(), IsNameCharacter);
    if (end != rest.begin()) names.emplace_back(rest.begin(), end);
  }
  return names;
}

bool IsShell(const std::string& program) {
  return IsOneOf(kShells, std::string_view(program).substr(program.rfind('/') + 1));
}

}  // namespace

Status UsedByCommands::Add(const std::vector<std::string>& argv) {
  for (std::size_t i = 0; i < argv.size(); ++i) {
    const std::string& argument = argv[i];
    if (argument.find('/') == std::string::npos) {
      FOOTHOLD_RETURN_IF_ERROR(child::AddProgram(env_, argument, dependencies_).status());
    } else if (child::IsRegularFile(env_, argument)) {  // whatever blanks it has
      FOOTHOLD_RETURN_IF_ERROR(AddPath(argument));
    } else {
      FOOTHOLD_RETURN_IF_ERROR(AddPaths(argument));
    }
    const bool is_script = i >= 2 && IsShell(argv.front()) && argv[i - 1].starts_with('-') &&
                           argv[i - 1].ends_with('c');
    if (is_script) FOOTHOLD_RETURN_IF_ERROR(AddScript(argument));
  }
  return {};
}

Status UsedByCommands::AddPaths(std::string_view text) {
  for (const std::string& word : Split(text, kBetweenWords)) {
    const std::size_t slash = word.find('/');
    const bool may_be_path = slash == 0 || (slash != std::string::npos && word.front() == '-');
    if (may_be_path) FOOTHOLD_RETURN_IF_ERROR(AddPath(word.substr(slash)));
  }
  return {};
}

Status UsedByCommands::AddPath(const std::string& path) {
  if (path.find_first_of("*?[") != std::string::npos) return AddMatches(path);
  if (child::IsRegularFile(env_, path)) return files_.Add(path);
  const std::size_t slash = path.rfind('/');
  const bool may_be_made = slash > 0 && slash + 1 < path.size() &&
                           env_.Inspect(path).status().code() == StatusCode::kNotFound &&
                           env_.Inspect(path.substr(0, slash)).ok();
  if (may_be_made) files_.AddAbsent(path);
  return {};
}

Status UsedByCommands::AddMatches(const std::string& pattern) {
  const std::size_t slash = pattern.rfind('/');
  const std::string folder = pattern.substr(0, slash + 1);
  const Result<std::vector<std::string>> names = env_.ListDirectory(folder);
  if (!names.ok()) return {};  // the shell would find nothing either
  for (const std::string& name : *names) {
    if (fnmatch(pattern.c_str() + slash + 1, name.c_str(), FNM_PERIOD) != 0) continue;
    if (child::IsRegularFile(env_, folder + name))
      FOOTHOLD_RETURN_IF_ERROR(files_.Add(folder + name));
  }
  return {};
}

Status UsedByCommands::AddScript(std::string_view script) {
  for (const std::string& command : Split(script, kBetweenCommands)) {
    for (const std::string& word : Split(command, " \t\"'")) {
      const bool comes_before = IsOneOf(kBeforeCommands, word) || word.starts_with('-') ||
                                word.find('=') != std::string::npos;
      if (comes_before) continue;
      if (word.find('/') == std::string::npos) {
        FOOTHOLD_RETURN_IF_ERROR(child::AddProgram(env_, word, dependencies_).status());
      }
      break;
    }
  }
  return AddVariables(script);
}

/// By hash: a variable may hold what nobody else is to read.
Status UsedByCommands::AddVariables(std::string_view script) {
  for (const std::string& name : VariablesOf(script)) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || IsOneOf(kPlaces, name)) continue;
    dependencies_["environment variable " + name] = base::ContentHash(value);
    FOOTHOLD_RETURN_IF_ERROR(AddPaths(value));
    const std::vector<std::string> words = Split(value, " \t");
    const bool may_be_program = !words.empty() && words.front().find('/') == std::string::npos;
    if (may_be_program) {
      FOOTHOLD_RETURN_IF_ERROR(child::AddProgram(env_, words.front(), dependencies_).status());
    }
  }
  return {};
}

}  // namespace foothold::command
