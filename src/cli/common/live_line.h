#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "foothold/env.h"

namespace foothold::cli {

/// A line of progress: it rewrites itself on a terminal, and is a plain line every few seconds
/// anywhere else. What cannot be written is dropped. Not thread-safe.
class LiveLine {
 public:
  enum class Mode { kSilent, kPlainLines, kTerminal };
  /// Terminal or plain lines, as `stream` is.
  static Mode ModeFor(std::FILE* stream);

  LiveLine(Mode mode, std::FILE* stream, Env& env) : mode_(mode), stream_(stream), env_(env) {}

  /// Starts a new line.
  void Begin() { shown_at_s_ = env_.MonotonicSeconds(); }
  /// Shows `text()` if it is time to.
  void Update(const std::function<std::string()>& text);
  /// Replaces the line with its last state, which stays.
  void End(const std::string& text);

 private:
  void Write(const std::string& text);

  Mode mode_;
  std::FILE* stream_;
  Env& env_;
  double shown_at_s_ = 0;
};

}  // namespace foothold::cli
