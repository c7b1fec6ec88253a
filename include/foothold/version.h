#pragma once

/// The semantic version (semver.org) of Foothold. This is the one place where it stands: CMake, the
/// packages and the Python distribution read it from here.
#define FOOTHOLD_VERSION "0.1.0"
