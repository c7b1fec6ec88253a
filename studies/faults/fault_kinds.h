#pragma once

#include <string>
#include <vector>

namespace foothold::studies {

/// A kind of candidate of the program `misbehave` (src/base/testing/misbehave/), and what must
/// become of it.
struct FaultKind {
  std::string name;
  /// "<outcome>" or "<outcome>, <stage>", any of them: the limit that is seen first depends on the
  /// machine. Those that are correct do something wrong beside.
  std::vector<std::string> becomes;
  bool in_build = false;       ///< it misbehaves when it is built, and behaves when it is run
  bool is_repeated = false;    ///< its times are not exact, so it is run several times
  bool attacks_tuner = false;  ///< it ends the tuner by a signal; the same call resumes

  /// Whether it ends at a limit of time, which somebody has to wait for.
  bool hangs() const;
};

/// All of them, several with the same name where it misbehaves at another time.
const std::vector<FaultKind>& FaultKinds();

}  // namespace foothold::studies
