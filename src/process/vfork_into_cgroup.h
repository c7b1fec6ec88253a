#pragma once

#include <sys/types.h>

namespace foothold::process {

/// vfork, with a child that begins its life in a cgroup. To move there later would hold up every
/// fork and exit of the machine for a while (5 to 20 ms where there is much to do), and a plain
/// fork would copy the page tables of what may be a large tuner.
///
/// The child runs `child(argument)`, which must not return, on a stack of its own and otherwise in
/// the caller's memory; the caller waits until it has called exec or _exit. Its process id, or -1
/// with errno: ENOSYS also on processors for which this is not written. Async-signal-safe.
/// REQUIRES: the process has one thread; `cgroup` is a descriptor of the group's directory.
pid_t VforkIntoCgroup(int cgroup, void (*child)(void* argument), void* argument);

}  // namespace foothold::process
