#pragma once

#include <string>

#include "foothold/env.h"
#include "network/import/import.h"

namespace foothold::network {

/// The network of an ONNX file, simplified: what can be computed once is, and what can be one node
/// is. Errors are one line that begins with the path.
Result<Graph> Load(Env& env, const std::string& path, const ImportOptions& options = {});

/// The same as a network of floats: of a quantised one with its weights as the real numbers that
/// they stand for, and with clips to what its integers can express.
Result<Graph> LoadFloat(Env& env, const std::string& path, const ImportOptions& options = {});

/// The network of floats as QuantiseForShifts wants it: averages are convolutions,
/// and channels are equalised.
Result<Graph> LoadForShifts(Env& env, const std::string& path, const ImportOptions& options = {});

}  // namespace foothold::network
