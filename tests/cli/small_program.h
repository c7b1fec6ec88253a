#pragma once

#include <string>

namespace foothold::testing_cli {

/// Writes the raw files of a program into `directory`, which it creates: sixteen inputs from -8 to
/// 7 times the identity, negative results cut off at zero, with the right expected output.
void WriteSmallProgram(const std::string& directory);

/// The same with a token missing: compute waits for its inputs for ever.
void WriteDeadlockedProgram(const std::string& directory);

}  // namespace foothold::testing_cli
