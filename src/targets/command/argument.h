#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"

namespace foothold::command {

/// One argument of a command, with placeholders: "-DTILE={tile}". "{{" and "}}" stand for braces.
class Argument {
 public:
  /// InvalidArgument naming what is wrong with the braces; no file is named.
  static Result<Argument> Parse(std::string_view text);

  /// The text of a template, in which @NAME@ is a placeholder for each of `names`; anything else
  /// stands for itself.
  static Argument ParseTemplate(std::string_view text, const std::set<std::string>& names);

  /// The names in the placeholders, in order, repeats included.
  std::vector<std::string> Names() const;

  /// The text with `value_of(name)` in the place of each placeholder.
  std::string Expand(const std::function<std::string(const std::string&)>& value_of) const;

 private:
  struct Piece {
    std::string text;  // of a placeholder, its name
    bool is_placeholder = false;
  };
  std::vector<Piece> pieces_;
};

}  // namespace foothold::command
