#include "process/vfork_into_cgroup.h"

#include <linux/sched.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>

namespace foothold::process {

#if defined(__x86_64__) && defined(SYS_clone3) && defined(CLONE_INTO_CGROUP)

// The C library has no call for it, and with `syscall` the child would return through a frame that
// it shares with its parent. So the child gets a stack of its own, where only assembly can begin.
pid_t VforkIntoCgroup(int cgroup, void (*child)(void* argument), void* argument) {
  constexpr std::size_t kStackBytes = 64 << 10;
  alignas(16) static std::array<std::byte, kStackBytes> stack;
  clone_args args{};
  args.flags = CLONE_VM | CLONE_VFORK | CLONE_INTO_CGROUP;
  args.exit_signal = SIGCHLD;
  args.stack = reinterpret_cast<std::uintptr_t>(stack.data());
  args.stack_size = stack.size();
  args.cgroup = static_cast<unsigned>(cgroup);
  long result = SYS_clone3;
  asm volatile(  // NOLINT(hicpp-no-assembler)
      "syscall\n\t"
      "testq %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xorl %%ebp, %%ebp\n\t"  // the outermost frame
      "movq %[argument], %%rdi\n\t"
      "callq *%[child]\n\t"
      "ud2\n"
      "1:"
      : "+a"(result)
      : "D"(&args), "S"(sizeof args), [child] "r"(child), [argument] "r"(argument)
      : "rcx", "r11", "memory", "cc");
  if (result >= 0) return static_cast<pid_t>(result);
  errno = static_cast<int>(-result);
  return -1;
}

#else

pid_t VforkIntoCgroup(int, void (*)(void*), void*) {
  errno = ENOSYS;
  return -1;
}

#endif

}  // namespace foothold::process
