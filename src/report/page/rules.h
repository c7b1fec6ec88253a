#pragma once

#include <cstddef>

#include "base/json.h"
#include "report/rules/rules_report.h"

namespace foothold::report {

/// What the trials teach about which configs are valid, as a tree: ways to fail, the most frequent
/// first, with the rules that explain them, and the rules that the target knew beforehand. Null
/// where nothing failed and no known rule was broken. At most `limit` learned and known rules each.
base::Json RulesJson(const RulesReport& report, std::size_t limit);

}  // namespace foothold::report
