#pragma once

#include <string>

#include "base/json.h"

namespace foothold::report {

/// The report of `model` (BuildModel) as one HTML page that needs nothing from elsewhere.
std::string ReportPage(const base::Json& model);

/// The same page without a model, for a server: it asks for data.json beside it, again and again,
/// and shows what comes.
std::string LivePage();

/// `model` as text, for data.json.
std::string ModelText(const base::Json& model);

}  // namespace foothold::report
