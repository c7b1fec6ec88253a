#pragma once

#include <string>

#include "base/json.h"

namespace foothold::report {

/// The report of `model` (BuildModel) as one HTML page that needs nothing from elsewhere.
std::string ReportPage(const base::Json& model);

/// The same page without a model, for a server: it asks for data.json beside it, again and again,
/// and shows what comes.
std::string LivePage();

/// A page of paragraphs, tables and charts, with the style and the charts of the report, that needs
/// nothing from elsewhere. `document` has a "title", a "machine" or null, and under "page" an array
/// of objects with one of these fields: "text" (a paragraph of Markdown), "heading" (with a
/// "level"), "table" ("columns", "align" with an l or r for each, "rows" of texts) and "chart"
/// (what chartOf in assets/charts.js takes).
std::string DocumentPage(const base::Json& document);

/// `model` as text, for data.json.
std::string ModelText(const base::Json& model);

}  // namespace foothold::report
