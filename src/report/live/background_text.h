#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "foothold/env.h"

namespace foothold::live {

/// A text that a thread of its own makes again when it is asked for, but not so often that making
/// it takes more than its share of the time. Thread-safe.
class BackgroundText {
 public:
  static constexpr double kShareOfTime = 0.05;
  static constexpr double kLeastSeconds = 1;  ///< between two makings
  static constexpr double kPatience_s = 0.2;  ///< for which Get waits for a text that is due

  /// `make` is called in that thread only, one call at a time; what it throws ends that making.
  /// `before` is the text until one is made. `env` must outlive it.
  BackgroundText(Env& env, std::function<std::string()> make, std::string before);
  /// Waits for a making to end.
  ~BackgroundText();
  BackgroundText(const BackgroundText&) = delete;
  BackgroundText& operator=(const BackgroundText&) = delete;

  /// The newest text, made now if it is due and takes no longer than kPatience_s. Throws
  /// runtime_error when the last making failed.
  std::shared_ptr<const std::string> Get();

 private:
  void MakeWhenAsked();
  void MakeOnce(std::unique_lock<std::mutex>& lock);
  bool IsDue() const { return !is_made_ || env_.MonotonicSeconds() >= next_; }

  Env& env_;
  const std::function<std::string()> make_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::shared_ptr<const std::string> text_;
  bool is_made_ = false;
  bool has_failed_ = false;  // the last making
  bool is_asked_ = false;    // for a new one
  bool is_over_ = false;
  double next_ = 0;  // not made before; MonotonicSeconds
  std::thread thread_;
};

}  // namespace foothold::live
