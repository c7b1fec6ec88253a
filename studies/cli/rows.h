#pragma once

#include <string>

#include "cli/common/output.h"

namespace foothold::cli {

/// Prints the rows of a benchmark, as JSON or as a table.
template <typename Rows>
void PrintRows(const Rows& rows, bool json) {
  std::string text = json ? ToJson(rows) : ToText(rows);
  if (!text.ends_with('\n')) text += '\n';
  WriteOut(text);
}

}  // namespace foothold::cli
