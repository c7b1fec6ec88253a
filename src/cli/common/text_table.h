#pragma once

#include <optional>
#include <string>
#include <vector>

namespace foothold::cli {

/// A table for people: columns as wide as their widest cell, two spaces between them.
class TextTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// REQUIRES: one cell per column.
  void AddRow(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  /// The title line, a rule, the rows; each line ends in a newline and has no trailing blanks.
  std::string ToString() const;

 private:
  std::string Line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// Seconds as milliseconds with four significant digits: "4.934".
std::string Milliseconds(double seconds);
/// 10^9 operations per second, with three significant digits where there are so many: "43.9";
/// "-" for 0, when nobody knows the operations.
std::string Gops(double gops);
/// A share as a percentage: "46.9 %"; "-" when unknown.
std::string Percent(std::optional<double> share);

}  // namespace foothold::cli
