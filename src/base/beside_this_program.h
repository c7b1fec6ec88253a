#pragma once

#include <string>

namespace foothold::base {

/// The path that the program `name` has when it lies in the folder of the running program, where
/// the build and an installation put it; `name` itself when that folder cannot be told.
std::string BesideThisProgram(const std::string& name);

}  // namespace foothold::base
