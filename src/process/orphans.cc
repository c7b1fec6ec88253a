#include "process/orphans.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <mutex>
#include <set>
#include <vector>

#include "process/process_tree.h"

namespace foothold::process {
namespace {

/// For so long they are waited for, in steps of a millisecond.
constexpr int kOrphanPatienceMs = 1000;

struct Family {
  std::mutex mutex;
  pid_t adopter = 0;       // the process that adopts; a fork of it does not
  std::set<pid_t> others;  // children that are no orphans: keepers, and those from before
};

Family& ThisFamily() {
  static auto* const family = new Family;  // never destroyed: threads may outlive main
  return *family;
}

/// Adopted children that have not been reaped.
std::vector<pid_t> OrphansOf(const Family& family) {
  std::vector<pid_t> orphans;
  for (const pid_t child : ChildrenOf(::getpid())) {
    if (!family.others.contains(child)) orphans.push_back(child);
  }
  return orphans;
}

}  // namespace

void AdoptOrphans() {
  Family& family = ThisFamily();
  const std::scoped_lock lock(family.mutex);
  if (family.adopter == ::getpid()) return;
  family.others.clear();
  for (const pid_t child : ChildrenOf(::getpid())) family.others.insert(child);
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0) family.adopter = ::getpid();
}

pid_t ForkKeeper() {
  Family& family = ThisFamily();
  const std::scoped_lock lock(family.mutex);
  const pid_t keeper = ::fork();
  if (keeper > 0) family.others.insert(keeper);
  return keeper;
}

void ForgetKeeper(pid_t keeper) {
  Family& family = ThisFamily();
  const std::scoped_lock lock(family.mutex);
  family.others.erase(keeper);
}

void EndOrphans() {
  Family& family = ThisFamily();
  const std::scoped_lock lock(family.mutex);
  if (family.adopter != ::getpid()) return;
  for (int waited = 0;; ++waited) {
    bool in_reach = false;
    for (const pid_t orphan : OrphansOf(family)) {
      if (::kill(orphan, SIGKILL) == 0) in_reach = true;
      ::waitpid(orphan, nullptr, WNOHANG);
    }
    if (!in_reach || waited == kOrphanPatienceMs) return;
    ::poll(nullptr, 0, 1);
  }
}

}  // namespace foothold::process
