#include "tests/rules/namespace_scope.h"

#include <algorithm>
#include <regex>

namespace foothold::rules {

bool NamespaceScope::Next(const std::string& line) {
  static const std::regex enters(R"(^(?:inline )?namespace ?([\w:]*) ?\{.*)");
  std::smatch parts;
  if (std::regex_match(line, parts, enters)) {
    names_.push_back(parts[1]);
    return true;
  }
  if (!line.starts_with("}  // namespace") || names_.empty()) return false;
  names_.pop_back();
  return true;
}

bool NamespaceScope::is_anonymous() const {
  return std::find(names_.begin(), names_.end(), "") != names_.end();
}

std::string NamespaceScope::Qualified() const {
  std::string qualified;
  for (const std::string& name : names_) {
    if (!qualified.empty()) qualified += "::";
    qualified += name;
  }
  return qualified;
}

}  // namespace foothold::rules
