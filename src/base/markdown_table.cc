#include "base/markdown_table.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/check.h"

namespace foothold {

void MarkdownTable::Add(std::vector<std::string> cells) {
  FOOTHOLD_CHECK(cells.size() == rows_.front().size());
  rows_.push_back(std::move(cells));
}

std::string MarkdownTable::ToMarkdown() const {
  std::vector<std::size_t> widths(rows_[0].size(), 3);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    text += "|";
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text += i == 0 ? fmt::format(" {:<{}} |", rows_[r][i], widths[i])
                     : fmt::format(" {:>{}} |", rows_[r][i], widths[i]);
    }
    text += "\n";
    if (r > 0) continue;
    text += "|";
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text += i == 0 ? fmt::format(":{:-<{}}|", "", widths[i] + 1)
                     : fmt::format("{:->{}}:|", "", widths[i] + 1);
    }
    text += "\n";
  }
  return text;
}

}  // namespace foothold
