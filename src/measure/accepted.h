#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "foothold/space.h"
#include "foothold/target.h"

namespace foothold::measure {

/// A candidate all of whose runs were correct. Only then is it known what its first run was worth.
struct Accepted {
  Config config;
  std::shared_ptr<const Program> program;  ///< the target's own
  std::vector<double> run_seconds;         ///< one for each run; not empty, > 0 and finite
  double wall_seconds = 0;                 ///< the longest of its runs from start to end; > 0
  std::size_t correct_runs = 1;            ///< those that were thrown away or only probed, too

  double MedianSeconds() const;
};

/// The fastest accepted candidates of a session. What others are held to comes from here: the time
/// limit, who is worth many repeats, and whether the device is well. Not thread-safe.
class AcceptedCandidates {
 public:
  /// More than one, so that one that no longer runs can be told from a device that is not well.
  static constexpr std::size_t kMost = 3;

  /// Returns whether it is the best now.
  bool Add(Accepted candidate);
  /// Takes back all that was built on it: it turned out not to be good.
  void Remove(const Program* program);
  /// `program` was correct once more.
  void CountRun(const Program* program);
  /// `fresh` is another build of the same config, which runs where `stale` does not.
  void Replace(const Program* stale, std::shared_ptr<const Program> fresh);
  void Clear() { fastest_.clear(); }

  /// The best first; empty while nothing is accepted.
  std::span<const Accepted> fastest() const { return fastest_; }
  /// nullptr when there is none.
  const Accepted* best() const { return fastest_.empty() ? nullptr : &fastest_.front(); }

 private:
  std::vector<Accepted> fastest_;
};

}  // namespace foothold::measure
