#pragma once

#include <string>
#include <vector>

namespace foothold::rules {

/// The namespaces in which a line of a source file stands, as the layout of clang-format shows
/// them: they begin and end in the first column.
class NamespaceScope {
 public:
  /// Takes the next line. Returns whether it enters or leaves a namespace.
  bool Next(const std::string& line);

  /// From the outermost, as they are written ("foothold::vta"); "" is an anonymous one.
  const std::vector<std::string>& names() const { return names_; }
  bool is_anonymous() const;
  std::string Qualified() const;

 private:
  std::vector<std::string> names_;
};

}  // namespace foothold::rules
