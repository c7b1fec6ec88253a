#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foothold/record.h"

namespace foothold::records {

// The names of dependencies (RunHeader::dependencies) that follow from the space.

/// "constraint <description>": one of the space's.
inline constexpr const char* kConstraintPrefix = "constraint ";
/// How many configs are valid, and which: constraints may change behind their descriptions.
inline constexpr const char* kValidConfigs = "valid configs";

/// The arguments that one run has to have in common with another to be compared with it at all:
/// target, workload, searcher, seed, options and objective.
bool SameArguments(const RunHeader& a, const RunHeader& b);

/// What `after` differs in from `before`: parameters first, then dependencies in the order of their
/// names. What follows from another change (other valid configs, from another constraint) is left
/// out. Dependencies that either header does not know are not compared; nor are files that commands
/// name and that were not there `before`, since candidates make such files.
std::vector<Change> ChangesBetween(const RunHeader& before, const RunHeader& after);

/// The files that commands name, that were not there `before` and are there `after`.
std::vector<Change> AppearedSince(const RunHeader& before, const RunHeader& after);

/// "dense.cl (sha256 ab12cd34 -> 56ef7890), parameter tile (8, 16 -> 8) and 3 more".
std::string ListOf(const std::vector<Change>& changes);

/// Hashes in it cut to 8 digits, and what is still long to 60 bytes.
std::string Abbreviated(std::string_view text);

}  // namespace foothold::records
