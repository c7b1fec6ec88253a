#pragma once

#include <string>
#include <vector>

#include "tests/rules/source_tree.h"

namespace foothold::rules {

/// What foothold_module() declared for one module, as written to modules.txt.
struct ModuleDeclaration {
  std::string name;  ///< "vta/isa"
  std::vector<std::string> uses;
  std::vector<std::string> test_uses;       ///< of its tests alone
  std::vector<std::string> public_headers;  ///< file names in include/foothold/
};

/// Parses modules.txt: "name|use;use|header;header|use;use" a line, from the bottom module up; the
/// last are those of the tests.
std::vector<ModuleDeclaration> ParseModules(const std::vector<std::string>& lines);

/// Everything wrong with the direction of dependencies, as "path:line: message":
///   - a module that uses an unknown one, or one declared after (above) it;
///   - an #include of another module's header that USES does not declare, public headers included;
///     in a test (*_test.*, testing.h, testing/) TEST_USES may declare it instead;
///   - a module in USES of which no #include outside the tests needs anything;
///   - an #include of a file that does not exist;
///   - a header that includes itself, directly or through others;
///   - a file in src/, studies/ or include/foothold/ that belongs to no module, or a public header
///   to two.
/// `files` are the .h and .cc files of src/, include/ and, where its modules are declared,
/// studies/.
std::vector<std::string> CheckIncludes(const std::vector<ModuleDeclaration>& modules,
                                       const std::vector<SourceFile>& files);

/// The arrows between the floors of src/, "tune -> measure": a floor is the first folder of a
/// module's name, and an arrow leads to each other floor that its modules use. Studies and tests
/// count for nothing.
std::vector<std::string> ArrowsBetweenFloors(const std::vector<ModuleDeclaration>& modules);

}  // namespace foothold::rules
