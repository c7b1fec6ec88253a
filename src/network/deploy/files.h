#pragma once

#include <string_view>

// The files that every deployed network has, as they are in files/.
namespace foothold::network {

extern const std::string_view kRuntimeHeader;
extern const std::string_view kRuntime;
extern const std::string_view kBoard;
extern const std::string_view kSimulator;
extern const std::string_view kOperatorsHeader;
extern const std::string_view kOperators;
extern const std::string_view kMain;      ///< a template: @name@, @macro@
extern const std::string_view kMakefile;  ///< a template: @name@, @geometry@, @registers@
extern const std::string_view kReadme;    ///< a template
extern const std::string_view kData;      ///< a template: @name@

}  // namespace foothold::network
