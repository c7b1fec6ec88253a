#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "process/testing/misbehave/kinds.h"

namespace misbehave {
namespace {

namespace fs = std::filesystem;

/// As the shell would have it: not what a moved folder is called now.
fs::path Here() {
  static const fs::path here = fs::current_path();
  return here;
}

/// Of this run only, whatever TMPDIR is.
void RemoveAll(const fs::path& path) {
  if (fs::absolute(path).string().find("foothold") == std::string::npos) std::exit(99);
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

void RemoveSiblings() {
  for (const auto& entry : fs::directory_iterator(Here().parent_path())) {
    if (entry.path() != Here()) RemoveAll(entry.path());
  }
}

void EmptySiblings() {
  for (const auto& entry : fs::directory_iterator(Here().parent_path())) {
    if (entry.path() == Here()) continue;
    for (const auto& inner : fs::directory_iterator(entry.path())) RemoveAll(inner.path());
  }
}

void CloseSiblings() {
  for (const auto& entry : fs::directory_iterator(Here().parent_path())) {
    (void)!::chmod(entry.path().c_str(), 0);
  }
}

void ReplaceBy(const std::function<void(const fs::path&)>& make) {
  const fs::path here = Here();
  RemoveAll(here);
  make(here);
}

void MoveAway() {
  const fs::path moved = Here().string() + ".moved";
  RemoveAll(moved);
  std::error_code ignored;
  fs::rename(Here(), moved, ignored);
}

void MakeNest(int depth) {
  for (int i = 0; i < depth; ++i) {
    if (::mkdir("nested", 0700) != 0 || ::chdir("nested") != 0) return;
  }
}

void MakeClosedFolders() {
  fs::create_directories("closed/inner/deep");
  std::ofstream("closed/inner/file") << "text";
  for (const char* path : {"closed/inner/deep", "closed/inner", "closed"}) (void)!::chmod(path, 0);
}

void MakeManyFiles() {
  for (int i = 0; i < 3000; ++i) std::ofstream("file" + std::to_string(i)) << i;
}

void MakeOddEntries() {
  for (const char* name : {"new\nline", "-rf", "\xff\xfe", " ", "\x1b[31m", "$(touch x)", "..."}) {
    std::ofstream(name) << "text";
  }
  std::error_code ignored;
  fs::create_symlink("/", "root", ignored);
  fs::create_symlink("loop", "loop", ignored);
  (void)!::mkfifo("fifo", 0600);
  (void)!::mknod("device", S_IFCHR | 0600, 0x103);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "socket");
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  (void)!::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

void FillFile() {
  const std::string megabyte(1 << 20, 'x');
  const int fd = ::open("filled", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  for (int i = 0; i < 64; ++i) {
    if (::write(fd, megabyte.data(), megabyte.size()) < 0) std::exit(98);
  }
}

void MakeSparseFile() {
  const int fd = ::open("sparse", O_RDWR | O_CREAT, 0600);
  (void)!::ftruncate(fd, off_t{1} << 40);
}

void OpenManyFiles() {
  while (::open("/dev/null", O_RDONLY) >= 0) {
  }
}

}  // namespace

void AddFolders(Actions& actions) {
  Here();  // before anything happens to it
  actions.merge(Actions{
      {"remove_folder", [](int) { RemoveAll(Here()); }},
      {"empty_folder",
       [](int) {
         for (const auto& e : fs::directory_iterator(".")) RemoveAll(e);
       }},
      {"close_folder", [](int) { (void)!::chmod(".", 0); }},
      {"move_folder", [](int) { MoveAway(); }},
      {"replace_folder_by_file",
       [](int) { ReplaceBy([](const fs::path& here) { std::ofstream(here) << "text"; }); }},
      {"replace_folder_by_link",
       [](int) { ReplaceBy([](const fs::path& here) { fs::create_symlink("/usr", here); }); }},
      {"replace_folder_by_dangling_link",
       [](int) { ReplaceBy([](const fs::path& here) { fs::create_symlink("/nowhere", here); }); }},
      {"remove_siblings", [](int) { RemoveSiblings(); }},
      {"remove_siblings_and_crash", [](int) { RemoveSiblings(), ::raise(SIGSEGV); }},
      {"remove_outer_folder_and_hang", [](int) { RemoveAll(Here().parent_path()), Linger(); }},
      {"empty_siblings", [](int) { EmptySiblings(); }},
      {"close_siblings", [](int) { CloseSiblings(); }},
      {"remove_outer_folder", [](int) { RemoveAll(Here().parent_path()); }},
      {"close_outer_folder", [](int) { (void)!::chmod("..", 0); }},
      {"remove_tmpdir", [](int) { RemoveAll(std::getenv("TMPDIR")); }},
      {"nest_folders", [](int) { MakeNest(3000); }},
      {"make_closed_folders", [](int) { MakeClosedFolders(); }},
      {"make_many_files", [](int) { MakeManyFiles(); }},
      {"make_odd_entries", [](int) { MakeOddEntries(); }},
      {"fill_file", [](int) { FillFile(); }},
      {"sparse_file", [](int) { MakeSparseFile(); }},
      {"open_many_files", [](int) { OpenManyFiles(); }},
      {"mkdir_once",
       [](int) {
         if (::mkdir("mine", 0700) != 0) std::exit(1);
       }},
      {"umask", [](int) { ::umask(0777), std::ofstream("unreadable") << "text"; }},
  });
}

}  // namespace misbehave
