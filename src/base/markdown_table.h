#pragma once

#include <string>
#include <utility>
#include <vector>

namespace foothold {

/// A Markdown table whose columns are aligned in the source too: the first to the left, the others
/// to the right.
class MarkdownTable {
 public:
  explicit MarkdownTable(std::vector<std::string> titles) { rows_.push_back(std::move(titles)); }
  /// REQUIRES: one cell per title.
  void Add(std::vector<std::string> cells);
  std::string ToMarkdown() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace foothold
