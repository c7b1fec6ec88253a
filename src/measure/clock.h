#pragma once

#include "base/check.h"
#include "foothold/env.h"

namespace foothold::measure {

/// Where a run takes its times from.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Seconds since 1970, for records. May jump.
  virtual double WallClockSeconds() = 0;
  /// Seconds from an arbitrary start, for budgets. Never goes back.
  virtual double MonotonicSeconds() = 0;
};

/// Those of an Env, which must outlive it.
class EnvClock : public Clock {
 public:
  explicit EnvClock(Env& env) : env_(env) {}
  double WallClockSeconds() override { return env_.WallClockSeconds(); }
  double MonotonicSeconds() override { return env_.MonotonicSeconds(); }

 private:
  Env& env_;
};

/// Stands still until it is advanced: for runs that are replayed.
class VirtualClock : public Clock {
 public:
  double WallClockSeconds() override { return seconds_; }
  double MonotonicSeconds() override { return seconds_; }
  /// REQUIRES: seconds >= 0.
  void Advance(double seconds) {
    FOOTHOLD_CHECK(seconds >= 0);
    seconds_ += seconds;
  }

 private:
  double seconds_ = 0;
};

}  // namespace foothold::measure
