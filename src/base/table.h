#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace foothold::base {

/// The one table of commands, pages and studies: cells of text under titles.
class Table {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  using Cells = std::vector<std::string>;

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// The first column to the left, the others, which are numbers, to the right.
  static Table OfNumbers(const std::vector<std::string>& titles);

  /// REQUIRES: one cell per column.
  void AddRow(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  const std::vector<Column>& columns() const { return columns_; }
  const std::vector<Cells>& rows() const { return rows_; }

  /// For people: columns as wide as their widest cell and two spaces apart; the titles, a rule, the
  /// rows. Each line ends in a newline and has no trailing blanks.
  std::string ToText() const;
  /// The same as Markdown, whose columns are aligned in the source too.
  std::string ToMarkdown() const;
  /// An array of one object per row, whose fields are named by the titles.
  Json ToJson() const;

 private:
  Cells Titles() const;
  std::vector<std::size_t> Widths(std::size_t least) const;
  std::string Padded(const std::string& cell, std::size_t column, std::size_t width) const;

  std::vector<Column> columns_;
  std::vector<Cells> rows_;
};

}  // namespace foothold::base
