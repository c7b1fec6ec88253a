#pragma once

namespace foothold::vta {

/// "sha256 ...": of the sources of the compiler, the simulator and what lies around them. Made by
/// cmake/SourceDigest.cmake.
extern const char* const kSourceDigest;

}  // namespace foothold::vta
