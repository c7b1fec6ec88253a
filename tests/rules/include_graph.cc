#include "tests/rules/include_graph.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

namespace foothold::rules {
namespace {

struct Include {
  std::size_t line;
  std::string path;  // from the project's root
};

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

// `#include "x/y.h"`; nullopt for system headers and everything else.
std::optional<std::string> QuotedInclude(const std::string& line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string::npos || line.compare(hash, 8, "#include") != 0) return std::nullopt;
  const std::size_t open = line.find('"', hash);
  if (open == std::string::npos) return std::nullopt;
  return line.substr(open + 1, line.find('"', open + 1) - open - 1);
}

// The path from the project's root of what is included as `quoted`.
std::string FromRoot(const std::string& quoted) {
  if (quoted.starts_with("studies/")) return quoted;
  return (quoted.starts_with("foothold/") ? "include/" : "src/") + quoted;
}

std::string FolderOf(const ModuleDeclaration& module) {
  return module.name.starts_with("studies/") ? module.name : "src/" + module.name;
}

// Tests may use what their module does not.
bool IsTest(const std::string& path) {
  const std::string name = path.substr(path.find_last_of('/') + 1);
  return name.find("_test.") != std::string::npos || name == "testing.h" ||
         path.find("/testing/") != std::string::npos;
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<Include> IncludesOf(const SourceFile& file) {
  std::vector<Include> includes;
  const std::vector<std::string> lines = Lines(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto quoted = QuotedInclude(lines[i]);
    if (!quoted) continue;
    includes.push_back({i + 1, FromRoot(*quoted)});
  }
  return includes;
}

class Graph {
 public:
  Graph(const std::vector<ModuleDeclaration>& modules, const std::vector<SourceFile>& files)
      : modules_(modules) {
    for (const SourceFile& file : files) includes_[file.path] = IncludesOf(file);
  }

  std::vector<std::string> Check() {
    CheckDeclarations();
    for (const auto& [path, includes] : includes_) {
      CheckOwner(path);
      for (const Include& include : includes) CheckEdge(path, include);
    }
    CheckEveryUseIsNeeded();
    for (const auto& [path, includes] : includes_) FindCycle(path);
    return complaints_;
  }

 private:
  void Complain(const std::string& path, std::size_t line, const std::string& message) {
    complaints_.push_back(Complaint(path, line, message));
  }

  void CheckDeclarations() {
    std::set<std::string> below;
    for (const ModuleDeclaration& module : modules_) {
      for (const std::string& used : module.uses) {
        if (below.count(used) > 0) continue;
        Complain(FolderOf(module) + "/CMakeLists.txt", 1,
                 "module " + module.name + " uses " + used +
                     ", which is unknown or stands above it in src/CMakeLists.txt");
      }
      below.insert(module.name);
    }
  }

  // The modules that claim the file: by folder (the longest name wins) or as a public header.
  std::vector<const ModuleDeclaration*> OwnersOf(const std::string& path) const {
    std::vector<const ModuleDeclaration*> owners;
    for (const ModuleDeclaration& module : modules_) {
      if (path.starts_with(FolderOf(module) + "/")) {
        if (owners.empty()) owners.push_back(&module);
        if (owners[0]->name.size() < module.name.size()) owners[0] = &module;
      }
      for (const std::string& header : module.public_headers) {
        if (path == "include/foothold/" + header) owners.push_back(&module);
      }
    }
    return owners;
  }

  void CheckOwner(const std::string& path) {
    const auto owners = OwnersOf(path);
    if (owners.empty()) Complain(path, 1, "belongs to no module (see cmake/FootholdModule.cmake)");
    if (owners.size() > 1) Complain(path, 1, "is a public header of two modules");
  }

  void CheckEdge(const std::string& path, const Include& include) {
    if (includes_.count(include.path) == 0) {
      Complain(path, include.line, "includes " + include.path + ", which does not exist");
      return;
    }
    const auto from = OwnersOf(path);
    const auto to = OwnersOf(include.path);
    if (from.size() != 1 || to.size() != 1 || from[0] == to[0]) return;
    const std::string& used = to[0]->name;
    const bool is_test = IsTest(path);
    (is_test ? needed_by_tests_ : needed_).insert({from[0]->name, used});
    if (Contains(from[0]->uses, used) || (is_test && Contains(from[0]->test_uses, used))) return;
    Complain(path, include.line,
             "module " + from[0]->name + " includes " + include.path + " of module " + used +
                 ", which its " + (is_test ? "TEST_USES" : "USES") + " does not declare");
  }

  void CheckEveryUseIsNeeded() {
    for (const ModuleDeclaration& module : modules_) {
      for (const std::string& used : module.uses) {
        if (needed_.count({module.name, used}) > 0) continue;
        Complain(FolderOf(module) + "/CMakeLists.txt", 1,
                 "module " + module.name + " declares in its USES " + used +
                     ", of which it includes nothing" +
                     (needed_by_tests_.count({module.name, used}) > 0 ? " but in tests" : ""));
      }
    }
  }

  // Depth-first; `trail_` holds the files being visited, `done_` those known to reach no cycle.
  void FindCycle(const std::string& path) {
    if (done_.count(path) > 0 || includes_.count(path) == 0) return;
    const auto seen = std::find(trail_.begin(), trail_.end(), path);
    if (seen != trail_.end()) {
      std::string circle;
      for (auto file = seen; file != trail_.end(); ++file) circle += *file + " -> ";
      Complain(path, 1, "includes itself: " + circle + path);
      return;
    }
    trail_.push_back(path);
    for (const Include& include : includes_.at(path)) FindCycle(include.path);
    trail_.pop_back();
    done_.insert(path);
  }

  const std::vector<ModuleDeclaration>& modules_;
  std::map<std::string, std::vector<Include>> includes_;
  // A module, and one that it includes from.
  std::set<std::pair<std::string, std::string>> needed_;
  std::set<std::pair<std::string, std::string>> needed_by_tests_;
  std::vector<std::string> trail_;
  std::set<std::string> done_;
  std::vector<std::string> complaints_;
};

}  // namespace

std::vector<ModuleDeclaration> ParseModules(const std::vector<std::string>& lines) {
  std::vector<ModuleDeclaration> modules;
  for (const std::string& line : lines) {
    std::vector<std::string> fields(4);
    std::stringstream in(line);
    for (std::string& field : fields) std::getline(in, field, '|');
    modules.push_back(
        {fields[0], Split(fields[1], ';'), Split(fields[3], ';'), Split(fields[2], ';')});
  }
  return modules;
}

std::vector<std::string> CheckIncludes(const std::vector<ModuleDeclaration>& modules,
                                       const std::vector<SourceFile>& files) {
  return Graph(modules, files).Check();
}

std::vector<std::string> ArrowsBetweenFloors(const std::vector<ModuleDeclaration>& modules) {
  const auto floor_of = [](const std::string& module) {
    return module.substr(0, module.find('/'));
  };
  std::set<std::string> arrows;
  for (const ModuleDeclaration& module : modules) {
    if (module.name.starts_with("studies/")) continue;
    for (const std::string& used : module.uses) {
      if (floor_of(module.name) == floor_of(used)) continue;
      arrows.insert(floor_of(module.name) + " -> " + floor_of(used));
    }
  }
  return {arrows.begin(), arrows.end()};
}

}  // namespace foothold::rules
