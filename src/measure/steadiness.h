#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "foothold/measuring.h"

namespace foothold::measure {

/// Gathers the times of known-good programs that are run again and again, to tell how steady the
/// device is. Not thread-safe.
class SteadinessWatch {
 public:
  /// Another program is watched from now on.
  void BeginProgram() { times_.emplace_back(); }
  /// It ran again. REQUIRES: a program was begun.
  void Add(double seconds) { times_.back().push_back(seconds); }

  /// nullopt while there are fewer than 10 runs of programs that ran three times or more.
  std::optional<Steadiness> Result() const;

 private:
  std::vector<std::vector<double>> times_;  ///< by program
};

}  // namespace foothold::measure
