#pragma once

#include <functional>
#include <thread>

namespace foothold::live {

/// While it lives, threads that this thread starts take no signals: those are for the tuner.
class SignalsBlocked {
 public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  struct Mask;
  Mask* before_;
};

/// Lets all others run before the calling thread.
void GiveWay();

/// A thread that takes no signals and gives way to all others.
std::thread StartQuietThread(std::function<void()> work);

}  // namespace foothold::live
