#pragma once

#include <string>
#include <vector>

#include "tests/rules/source_tree.h"

namespace foothold::rules {

/// The house rules that a machine can check (CONTRIBUTING.md lists them with their reasons). Each
/// returns its complaints as "path:line: message"; empty is good. `files` is the whole project;
/// each rule picks what it looks at.

/// Words that may not appear in code: unseeded randomness, clocks outside process, empty names such
/// as FooManager, TODO, features that clang 14 lacks.
std::vector<std::string> ForbiddenWords(const std::vector<SourceFile>& files);

/// Paths of somebody's machine in any text of the project.
std::vector<std::string> MachinePaths(const std::vector<SourceFile>& files);

/// C++ files over 500 lines.
std::vector<std::string> LongFiles(const std::vector<SourceFile>& files);

/// Types and functions that are defined twice under one qualified name, which is undefined
/// behaviour in a program that holds both.
std::vector<std::string> DoubleDefinitions(const std::vector<SourceFile>& files);

/// Declarations in headers of src/ and studies/ that stand neither in the namespace of their module
/// nor below it. Types of others may be declared ahead, in foothold those that include/ defines.
std::vector<std::string> StrayDeclarations(const std::vector<SourceFile>& files);

/// Headers that do not begin with #pragma once.
std::vector<std::string> UnguardedHeaders(const std::vector<SourceFile>& files);

/// Declarations that a comment behind them (///<) has torn into two lines: it belongs above them.
std::vector<std::string> TornDeclarations(const std::vector<SourceFile>& files);

/// Calls of Searcher::Propose in src/ and studies/ that are not the one in the loop
/// (src/tune/loop.cc): whoever runs a searcher does so by RunLoop, with a Runner and a Journal of
/// its own. Study (src/tune/study.cc) may call it once too: its loop is the caller's. So may a
/// searcher in src/search/, to pass the call on to a part of itself. Tests are free.
std::vector<std::string> OtherLoops(const std::vector<SourceFile>& files);

/// *_test.cc files that no CMakeLists.txt builds. `registered` is the content of tests.txt.
std::vector<std::string> UnregisteredTests(const std::vector<SourceFile>& files,
                                           const std::vector<std::string>& registered);

}  // namespace foothold::rules
