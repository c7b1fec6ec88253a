#include "tests/docs/markdown.h"

#include <cctype>

#include "tests/rules/source_tree.h"

namespace foothold::docs {
namespace {

using rules::Lines;

bool IsFence(const std::string& line) { return line.starts_with("```"); }

// Inline code may show the syntax of links without being one.
std::string WithoutInlineCode(const std::string& line) {
  std::string kept;
  bool code = false;
  for (const char c : line) {
    if (c == '`') code = !code;
    if (!code) kept += c;
  }
  return kept;
}

bool IsRelative(const std::string& target) {
  return target.find("://") == std::string::npos && !target.starts_with("mailto:");
}

// The links of a line that stand between `open` and `close`.
void CollectLinks(const std::string& line, std::size_t number, std::string_view open, char close,
                  std::vector<Link>& links) {
  for (std::size_t at = line.find(open); at != std::string::npos; at = line.find(open, at + 1)) {
    const std::size_t begin = at + open.size();
    const std::size_t end = line.find(close, begin);
    if (end == std::string::npos) return;
    const std::string target = line.substr(begin, end - begin);
    if (!IsRelative(target)) continue;
    const std::size_t hash = target.find('#');
    links.push_back(
        {number, target.substr(0, hash), hash == std::string::npos ? "" : target.substr(hash + 1)});
  }
}

bool IsPathCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '/';
}

std::size_t EndOfPath(const std::string& line, std::size_t at) {
  while (at < line.size() && IsPathCharacter(line[at])) ++at;
  return at;
}

void CollectPages(const std::string& line, std::size_t number, std::vector<Link>& pages) {
  for (std::size_t at = line.find("docs/"); at != std::string::npos; at = line.find("docs/", at)) {
    const std::size_t begin = at;
    at = EndOfPath(line, begin);
    if (line.compare(at, 3, ".md") != 0) continue;
    at += 3;
    Link page = {number, line.substr(begin, at - begin), ""};
    if (at < line.size() && line[at] == '#') {
      const std::size_t end = EndOfPath(line, at + 1);
      page.anchor = line.substr(at + 1, end - at - 1);
      at = end;
    }
    pages.push_back(page);
  }
}

std::string Slug(const std::string& heading) {
  std::string slug;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ') slug += '-';
    if (std::isalnum(byte) || c == '-' || c == '_') slug += static_cast<char>(std::tolower(byte));
  }
  return slug;
}

}  // namespace

std::vector<Link> RelativeLinks(std::string_view page) {
  std::vector<Link> links;
  bool code = false;
  const auto lines = Lines(page);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (IsFence(lines[i])) code = !code;
    if (code) continue;
    const std::string text = WithoutInlineCode(lines[i]);
    CollectLinks(text, i + 1, "](", ')', links);
    CollectLinks(text, i + 1, " src=\"", '"', links);
    CollectLinks(text, i + 1, " srcset=\"", '"', links);
  }
  return links;
}

std::vector<Link> NamedPages(std::string_view source) {
  std::vector<Link> pages;
  const auto lines = Lines(source);
  for (std::size_t i = 0; i < lines.size(); ++i) CollectPages(lines[i], i + 1, pages);
  return pages;
}

std::vector<std::string> Anchors(std::string_view page) {
  std::vector<std::string> anchors;
  bool code = false;
  for (const std::string& line : Lines(page)) {
    if (IsFence(line)) code = !code;
    const std::size_t text = line.find_first_not_of('#');
    if (code || text == 0 || text == std::string::npos || line[text] != ' ') continue;
    anchors.push_back(Slug(line.substr(text + 1)));
  }
  return anchors;
}

std::vector<Block> Blocks(std::string_view page) {
  std::vector<Block> blocks;
  bool open = false;
  std::size_t offset = 0;
  for (const std::string& line : Lines(page)) {
    offset += line.size() + 1;
    if (IsFence(line)) {
      open = !open;
      if (open) blocks.push_back({offset, line.substr(3), ""});
    } else if (open) {
      blocks.back().text.append(line).append("\n");
    }
  }
  return blocks;
}

}  // namespace foothold::docs
