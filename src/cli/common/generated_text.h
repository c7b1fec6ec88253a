#pragma once

#include <string>

#include "cli/common/program.h"
#include "foothold/status.h"

// Texts that are made of a program's declared commands and options, as its help is.
namespace foothold::cli {

/// A script that completes the program's commands and options in `shell`: bash, zsh or fish.
/// InvalidArgument for another one.
Result<std::string> CompletionScript(const Program& program, const std::string& shell);

/// The program's manual page, section 1, as man(1) reads it.
std::string ManualPage(const Program& program);

}  // namespace foothold::cli
