#include "report/live/quiet_thread.h"

#include <pthread.h>
#include <sys/resource.h>

#include <csignal>
#include <utility>

namespace foothold::live {

struct SignalsBlocked::Mask {
  sigset_t signals{};
};

SignalsBlocked::SignalsBlocked() : before_(new Mask) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before_->signals);
}

SignalsBlocked::~SignalsBlocked() {
  pthread_sigmask(SIG_SETMASK, &before_->signals, nullptr);
  delete before_;
}

void GiveWay() {
  constexpr int kLeastNice = 19;
  // Linux knows niceness by thread. Where that fails, the thread is as nice as the others.
  ::setpriority(PRIO_PROCESS, 0, kLeastNice);
}

std::thread StartQuietThread(std::function<void()> work) {
  const SignalsBlocked blocked;
  return std::thread([work = std::move(work)] {
    GiveWay();
    work();
  });
}

}  // namespace foothold::live
