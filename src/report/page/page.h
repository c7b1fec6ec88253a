#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace foothold::report {

/// The report of `model` (BuildModel) as one HTML page that needs nothing from elsewhere.
std::string ReportPage(const nlohmann::ordered_json& model);

/// The same page without a model, for a server: it asks for data.json beside it, again and again,
/// and shows what comes.
std::string LivePage();

/// `model` as text, for data.json.
std::string ModelText(const nlohmann::ordered_json& model);

}  // namespace foothold::report
