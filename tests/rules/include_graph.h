#pragma once

#include <string>
#include <vector>

#include "tests/rules/source_tree.h"

namespace foothold::rules {

/// What foothold_module() declared for one module, as written to modules.txt.
struct ModuleDeclaration {
  std::string name;  ///< "vta/isa"
  std::vector<std::string> uses;
  std::vector<std::string> public_headers;  ///< file names in include/foothold/
};

/// Parses modules.txt: "name|use;use|header;header" a line, from the bottom module up.
std::vector<ModuleDeclaration> ParseModules(const std::vector<std::string>& lines);

/// Everything wrong with the direction of dependencies, as "path:line: message":
///   - a module that uses an unknown one, or one declared after (above) it;
///   - an #include of another module's header that USES does not declare, public headers included;
///   - a module in USES of which no #include needs anything;
///   - an #include of a file that does not exist;
///   - a header that includes itself, directly or through others;
///   - a file in src/, studies/ or include/foothold/ that belongs to no module, or a public header
///   to two.
/// `files` are the .h and .cc files of src/, include/ and, where its modules are declared,
/// studies/.
std::vector<std::string> CheckIncludes(const std::vector<ModuleDeclaration>& modules,
                                       const std::vector<SourceFile>& files);

}  // namespace foothold::rules
