#include "cli/common/text_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace foothold::cli {

namespace {

// `digits` significant digits, zeros after the point counted as such.
std::string Significant(double number, int digits) {
  const int before_point = number >= 1 ? static_cast<int>(std::floor(std::log10(number))) + 1 : 0;
  return fmt::format("{:.{}f}", number, std::max(0, digits - before_point));
}

}  // namespace

void TextTable::AddRow(std::vector<std::string> cells) {
  FOOTHOLD_CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string TextTable::Line(const std::vector<std::string>& cells,
                            const std::vector<std::size_t>& widths) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += "  ";
    line += columns_[i].align == Align::kLeft ? fmt::format("{:<{}}", cells[i], widths[i])
                                              : fmt::format("{:>{}}", cells[i], widths[i]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string TextTable::ToString() const {
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    titles.push_back(columns_[i].title);
    widths.push_back(columns_[i].title.size());
    for (const auto& row : rows_) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> rules;
  for (const std::size_t width : widths) rules.emplace_back(width, '-');

  std::string text = Line(titles, widths) + Line(rules, widths);
  for (const auto& row : rows_) text += Line(row, widths);
  return text;
}

std::string Milliseconds(double seconds) { return Significant(seconds * 1e3, 4); }

std::string Gops(double gops) { return gops > 0 ? Significant(gops, 3) : "-"; }

std::string Percent(std::optional<double> share) {
  return share ? fmt::format("{:.1f} %", *share * 100) : "-";
}

}  // namespace foothold::cli
