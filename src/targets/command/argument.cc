#include "targets/command/argument.h"

#include <fmt/core.h>

#include <algorithm>

namespace foothold::command {
namespace {

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  });
}

}  // namespace

Result<Argument> Argument::Parse(std::string_view text) {
  Argument argument;
  std::string literal;
  while (!text.empty()) {
    const char c = text.front();
    if ((c != '{' && c != '}') || text.starts_with("{{") || text.starts_with("}}")) {
      literal += c;
      text.remove_prefix(c == '{' || c == '}' ? 2 : 1);
      continue;
    }
    const std::size_t end = text.find('}');
    if (c == '}' || end == std::string_view::npos) {
      return Status::InvalidArgument(fmt::format(
          "has a single \"{}\", must be {{NAME}}, or \"{}{}\" for the character", c, c, c));
    }
    const std::string_view name = text.substr(1, end - 1);
    if (!IsName(name)) {
      return Status::InvalidArgument(fmt::format(
          "has the placeholder \"{{{}}}\", must be a name of letters, digits, \"_\" and \".\"",
          name));
    }
    if (!literal.empty()) argument.pieces_.push_back({std::move(literal), false});
    literal.clear();
    argument.pieces_.push_back({std::string(name), true});
    text.remove_prefix(end + 1);
  }
  if (!literal.empty()) argument.pieces_.push_back({std::move(literal), false});
  return argument;
}

Argument Argument::ParseTemplate(std::string_view text, const std::set<std::string>& names) {
  Argument argument;
  std::size_t begin = 0;  // of what was not taken yet
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at)) {
    const std::size_t end = text.find('@', at + 1);
    if (end == std::string_view::npos) break;
    const std::string name(text.substr(at + 1, end - at - 1));
    if (!names.contains(name)) {
      at = end;  // it may begin the next one
      continue;
    }
    argument.pieces_.push_back({std::string(text.substr(begin, at - begin)), false});
    argument.pieces_.push_back({name, true});
    at = begin = end + 1;
  }
  argument.pieces_.push_back({std::string(text.substr(begin)), false});
  return argument;
}

std::vector<std::string> Argument::Names() const {
  std::vector<std::string> names;
  for (const Piece& piece : pieces_) {
    if (piece.is_placeholder) names.push_back(piece.text);
  }
  return names;
}

std::string Argument::Expand(const std::function<std::string(const std::string&)>& value_of) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    text += piece.is_placeholder ? value_of(piece.text) : piece.text;
  }
  return text;
}

}  // namespace foothold::command
