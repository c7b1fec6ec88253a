#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "foothold/env.h"
#include "foothold/status.h"

namespace foothold::python {

namespace py = pybind11;

/// A Python object that C++ may copy and drop on any thread, with or without the interpreter's
/// lock.
using SharedObject = std::shared_ptr<py::object>;
SharedObject Share(py::object object);

/// Throws the Python exception for a failed status: ValueError, LookupError, OSError, ... REQUIRES:
/// the interpreter's lock.
[[noreturn]] void Raise(const Status& status);
inline void RaiseUnlessOk(const Status& status) {
  if (!status.ok()) Raise(status);
}
template <typename T>
T ValueOrRaise(Result<T> result) {
  if (!result.ok()) Raise(result.status());
  return std::move(result).value();
}

/// str(object) as UTF-8; repr() where that raises; neither raises out of here. What is no UTF-8 is
/// written as "\\udcff". REQUIRES: the interpreter's lock, and no exception set.
std::string TextOf(const py::handle& object);
/// Control characters become blanks.
std::string InOneLine(std::string text);

/// "ValueError: too large (target.py:12)": the exception in one line.
std::string OneLine(const py::error_already_set& error);

/// The first exception of Python code that C++ called and that must not pass through C++.
/// Thread-safe.
class FirstException {
 public:
  void Keep(std::exception_ptr exception);
  /// Throws it, if there is one, and forgets it.
  void Rethrow();
  void Forget();

 private:
  std::mutex mutex_;
  std::exception_ptr exception_;
};

/// How Ctrl-C ends the tuning that is under way, all of it that this process does: candidates in
/// child processes are killed, and Python code that runs for C++ gets a KeyboardInterrupt.
class Interruption {
 public:
  static Interruption& Global();

  const std::atomic<bool>& flag() const { return flag_; }
  /// What targets and the tuner are given, so that the flag ends their processes and their sleep.
  Env& env() { return *env_; }

  /// While one lives, tuning is under way; when the last one dies the flag is cleared.
  class Session {
   public:
    Session();
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
  };
  /// While one lives, this thread runs Python code for C++. REQUIRES: the interpreter's lock.
  class Callback {
   public:
    Callback();
    ~Callback();
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

   private:
    unsigned long thread_;
  };

  /// REQUIRES: the interpreter's lock.
  void Interrupt();

 private:
  Interruption();

  std::atomic<bool> flag_ = false;
  std::unique_ptr<Env> env_;
  std::mutex mutex_;
  int sessions_ = 0;
  std::multiset<unsigned long> callbacks_;  ///< the threads they are on
};

}  // namespace foothold::python
