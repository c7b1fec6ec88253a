#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/errno.h"
#include "process/cgroup.h"
#include "process/descriptor.h"

namespace foothold::process {
namespace {

class PosixCgroupFiles : public CgroupFiles {
 public:
  std::optional<std::string> Read(const std::string& path) override {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.is_open()) return std::nullopt;
    std::string text;
    std::array<char, 4096> buffer;
    while (true) {
      const ssize_t got =
          base::RetryInterrupted([&] { return ::read(fd.get(), buffer.data(), buffer.size()); });
      if (got < 0) return std::nullopt;
      if (got == 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

  int Write(const std::string& path, const std::string& text) override {
    const Descriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd.is_open()) return errno;
    const ssize_t put =
        base::RetryInterrupted([&] { return ::write(fd.get(), text.data(), text.size()); });
    return put < 0 ? errno : 0;
  }

  int MakeDirectory(const std::string& path) override {
    return ::mkdir(path.c_str(), 0755) == 0 ? 0 : errno;
  }

  int RemoveDirectory(const std::string& path) override {
    return ::rmdir(path.c_str()) == 0 ? 0 : errno;
  }

  std::vector<std::string> Subdirectories(const std::string& path) override {
    std::vector<std::string> names;
    const DirectoryStream directory(::opendir(path.c_str()));
    if (!directory) return names;
    while (const dirent* entry = ::readdir(directory.get())) {
      if (entry->d_type == DT_DIR && entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
    return names;
  }

  Descriptor OpenDirectory(const std::string& path) override {
    return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }

  Descriptor LockDirectory(const std::string& path) override {
    Descriptor fd = OpenDirectory(path);
    if (!fd.is_open() || ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
    return {};
  }

  bool LetsChildEnter(const std::string& directory) override {
    const std::string path = directory + "/cgroup.procs";
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);  // no handler of ours runs in the child
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t child = ::fork();
    if (child == 0) {  // may not allocate: other threads may have held any lock
      const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      ::_exit(fd >= 0 && ::write(fd, "0", 1) == 1 ? 0 : 1);
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (child < 0) return false;
    int status = 0;
    const pid_t ended = base::RetryInterrupted([&] { return ::waitpid(child, &status, 0); });
    return ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
};

}  // namespace

CgroupFiles& CgroupFiles::Default() {
  static PosixCgroupFiles files;
  return files;
}

}  // namespace foothold::process
