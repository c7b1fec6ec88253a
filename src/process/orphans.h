#pragma once

#include <sys/types.h>

// Processes whose keeper was killed, and that no cgroup holds. In a process that is Foothold's own
// they become its children, and so are found.
namespace foothold::process {

/// From now on what loses its parent somewhere below this process becomes a child of this process
/// (PR_SET_CHILD_SUBREAPER). Children that it has already are left alone for ever. REQUIRES: the
/// process starts no children but by ForkKeeper.
void AdoptOrphans();

/// fork(), whose child EndOrphans leaves alone until ForgetKeeper.
pid_t ForkKeeper();
/// REQUIRES: it has been reaped, or nobody waits for it any more.
void ForgetKeeper(pid_t keeper);

/// Kills and reaps what this process adopted. Returns when nothing is left, or nothing that it can
/// end. Does nothing where nothing is adopted. Thread-safe.
void EndOrphans();

}  // namespace foothold::process
