#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace foothold::docs {

/// A link of a page to another file or heading of the project.
struct Link {
  std::size_t line = 0;
  std::string file;    ///< as written, without the fragment; empty: this page
  std::string anchor;  ///< empty: the whole page
};

/// The relative links and pictures of a page, those in HTML elements included, outside of code.
std::vector<Link> RelativeLinks(std::string_view page);

/// The pages that a source names: docs/concepts/space.md, or docs/concepts/space.md#anchor.
std::vector<Link> NamedPages(std::string_view source);

/// The anchors of a page's headings, as GitHub makes them.
std::vector<std::string> Anchors(std::string_view page);

/// A fenced block of code.
struct Block {
  std::size_t offset = 0;  ///< of the text, in bytes from the page's start
  std::string language;
  std::string text;
};
std::vector<Block> Blocks(std::string_view page);

}  // namespace foothold::docs
