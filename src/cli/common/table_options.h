#pragma once

#include <string>
#include <vector>

#include "base/options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace foothold::cli {

namespace internal {
void AddOptions(CLI::App& app, const std::vector<base::Option>& options, void* values,
                const std::string& group);
}  // namespace internal

/// Declares a flag of `app` for each option of the table, with help, default and range from there,
/// and whether another value starts a new run. Parsing sets the fields of `*values`, which must
/// outlive the parsing. A switch that is on by default is turned off by --no-NAME. `group` is the
/// heading in the help.
template <typename Struct>
void AddTableOptions(CLI::App& app, const base::OptionsTable<Struct>& table, Struct* values,
                     const std::string& group = "Options") {
  internal::AddOptions(app, table.options(), values, group);
}

}  // namespace foothold::cli
