#pragma once

#include <string>

#include "foothold/status.h"

namespace foothold::process {

/// Removes the file or directory `path` with all that it holds; ok when there is none. Directories
/// of this user that it may not enter are opened first. Depth does not matter: it holds two
/// directories open at a time. Follows no symbolic link and enters no other file system that is
/// mounted below. What cannot be removed stays, and the error says what and how much.
Status RemoveTree(const std::string& path);

}  // namespace foothold::process
