#include "base/table.h"

#include <algorithm>

#include "base/check.h"

namespace foothold::base {
namespace {

/// A bar would end the cell.
std::string Escaped(std::string cell) {
  for (std::size_t i = 0; (i = cell.find('|', i)) != std::string::npos; i += 2)
    cell.insert(i, "\\");
  return cell;
}

}  // namespace

Table Table::OfNumbers(const std::vector<std::string>& titles) {
  std::vector<Column> columns;
  for (const std::string& title : titles) {
    columns.push_back({title, columns.empty() ? Align::kLeft : Align::kRight});
  }
  return Table(std::move(columns));
}

void Table::AddRow(std::vector<std::string> cells) {
  FOOTHOLD_CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

Table::Cells Table::Titles() const {
  Cells titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  return titles;
}

std::vector<std::size_t> Table::Widths(std::size_t least) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(std::max(least, columns_[i].title.size()));
    for (const Cells& row : rows_) widths[i] = std::max(widths[i], row[i].size());
  }
  return widths;
}

std::string Table::Padded(const std::string& cell, std::size_t column, std::size_t width) const {
  const std::string blanks(width - std::min(width, cell.size()), ' ');
  return columns_[column].align == Align::kLeft ? cell + blanks : blanks + cell;
}

std::string Table::ToText() const {
  const std::vector<std::size_t> widths = Widths(0);
  std::string text;
  const auto add = [&](const Cells& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += (i > 0 ? "  " : "") + Padded(cells[i], i, widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  Cells rules;
  for (const std::size_t width : widths) rules.emplace_back(width, '-');
  add(Titles());
  add(rules);
  for (const Cells& row : rows_) add(row);
  return text;
}

std::string Table::ToMarkdown() const {
  Table escaped(columns_);
  for (const Cells& row : rows_) {
    Cells& cells = escaped.rows_.emplace_back();
    for (const std::string& cell : row) cells.push_back(Escaped(cell));
  }
  const std::vector<std::size_t> widths = escaped.Widths(3);
  std::string text;
  const auto add = [&](const Cells& cells) {
    text += "|";
    for (std::size_t i = 0; i < cells.size(); ++i)
      text += " " + Padded(cells[i], i, widths[i]) + " |";
    text += "\n";
  };
  add(Titles());
  text += "|";
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string rule(widths[i] + 1, '-');
    text += columns_[i].align == Align::kLeft ? ":" + rule + "|" : rule + ":|";
  }
  text += "\n";
  for (const Cells& row : escaped.rows_) add(row);
  return text;
}

Json Table::ToJson() const {
  Json array = Json::Array();
  for (const Cells& row : rows_) {
    Json object = Json::Object();
    for (std::size_t i = 0; i < row.size(); ++i) object[columns_[i].title] = row[i];
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace foothold::base
