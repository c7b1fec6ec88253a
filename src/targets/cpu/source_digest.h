#pragma once

namespace foothold::cpu {

/// "sha256 ...": of the sources that write a candidate's C code and judge its output. Made by
/// cmake/SourceDigest.cmake.
extern const char* const kSourceDigest;

}  // namespace foothold::cpu
