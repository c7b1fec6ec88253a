#pragma once

#include <string>
#include <vector>

namespace foothold::testing_cli {

/// Replaces what differs from run to run by placeholders: seconds that were measured on this
/// machine by "<time>", times of day by "<date>", the machine by "<machine>". Lines of progress
/// that a slow machine shows in between go. Simulated times stay.
std::string Normalise(const std::string& text);

/// The command line, its normalised output and its exit code, as one text.
std::string Transcript(const std::vector<std::string>& arguments, const std::string& directory);

/// Compares with tests/golden/NAME.txt; with FOOTHOLD_APPROVE set, writes that file instead.
void ExpectGolden(const std::string& name, const std::string& text);

}  // namespace foothold::testing_cli
