#pragma once

#include <functional>
#include <string>

#include "foothold/env.h"

namespace foothold::live {

/// A text that is made anew when it is asked for, but not so often that making it takes more than
/// its share of the time: between, the last one is given. Not thread-safe.
class PacedText {
 public:
  static constexpr double kShareOfTime = 0.05;
  static constexpr double kLeastSeconds = 1;  ///< between two makings

  /// `env` must outlive it; `make` may throw, and then so does Get.
  PacedText(Env& env, std::function<std::string()> make) : env_(env), make_(std::move(make)) {}

  const std::string& Get();

 private:
  Env& env_;
  std::function<std::string()> make_;
  std::string text_;
  bool is_made_ = false;
  double next_ = 0;  ///< not made before; MonotonicSeconds
};

}  // namespace foothold::live
