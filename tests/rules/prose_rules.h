#pragma once

#include <string>
#include <vector>

#include "tests/rules/source_tree.h"

namespace foothold::rules {

/// Rules for what people read: the pages and the public headers. Like the house rules, each returns
/// its complaints as "path:line: message"; empty is good. `files` is the whole project. The
/// options' help is checked where the generated pages docs/cli.md and docs/studies.md show it.

/// Words for which there is a more usual one, such as "anew", and metaphors that nobody else knows.
/// Code and command output within a page may have them, and so may what a study wrote.
std::vector<std::string> UnusualWords(const std::vector<SourceFile>& files);

/// Lines of Markdown over 120 columns. Tables, code, pictures, and lines that cannot be broken
/// before column 120 may be longer.
std::vector<std::string> LongMarkdownLines(const std::vector<SourceFile>& files);

}  // namespace foothold::rules
