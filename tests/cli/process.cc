#include "tests/cli/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace foothold::testing_cli {
namespace {

constexpr int kPollMicroseconds = 2000;
constexpr int kMaxPolls = 60'000'000 / kPollMicroseconds;

void Redirect(const std::string& path, int descriptor, int flags) {
  const int file = open(path.c_str(), flags, 0644);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(126);
  close(file);
}

[[noreturn]] void Become(const std::string& program, std::vector<std::string> arguments,
                         const std::string& directory, const std::string& out,
                         const std::string& err) {
  Redirect("/dev/null", STDIN_FILENO, O_RDONLY);
  Redirect(out, STDOUT_FILENO, O_WRONLY | O_CREAT | O_TRUNC);
  if (err != out) Redirect(err, STDERR_FILENO, O_WRONLY | O_CREAT | O_TRUNC);
  if (err == out && dup2(STDOUT_FILENO, STDERR_FILENO) < 0) _exit(126);
  if (chdir(directory.c_str()) != 0) _exit(126);
  arguments.insert(arguments.begin(), program);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::string& directory)
    : Process(FOOTHOLD_COMMAND, arguments, directory, directory + "/.out", directory + "/.err") {}

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 const std::string& directory, const std::string& out_path,
                 const std::string& err_path)
    : out_path_(out_path), err_path_(err_path) {
  pid_ = fork();
  if (pid_ == 0) Become(program, arguments, directory, out_path_, err_path_);
  EXPECT_GT(pid_, 0);
}

Process::~Process() {
  if (ended_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, &status_, 0);
}

bool Process::Poll() {
  if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return ended_;
}

bool Process::WaitUntil(const std::function<bool()>& ready) {
  for (int i = 0; i < kMaxPolls; ++i) {
    if (ready()) return true;
    if (Poll()) return ready();
    usleep(kPollMicroseconds);
  }
  return false;
}

void Process::Signal(int signal) {
  if (!ended_) kill(pid_, signal);
}

Finished Process::Wait() {
  if (!ended_) waitpid(pid_, &status_, 0);
  ended_ = true;
  const int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  return {code, ReadTextFile(out_path_), ReadTextFile(err_path_)};
}

Finished RunFoothold(const std::vector<std::string>& arguments, const std::string& directory) {
  return Process(arguments, directory).Wait();
}

Finished RunStudy(const std::vector<std::string>& arguments, const std::string& directory) {
  return Process(FOOTHOLD_STUDY, arguments, directory, directory + "/.out", directory + "/.err")
      .Wait();
}

std::string RunShell(const std::string& script, const std::string& directory) {
  const std::string path = std::filesystem::path(FOOTHOLD_COMMAND).parent_path().string();
  const std::string both = directory + "/.out";
  Process shell("/bin/bash", {"-euc", "PATH='" + path + "':$PATH\n" + script}, directory, both,
                both);
  const Finished finished = shell.Wait();
  EXPECT_EQ(finished.exit_code, 0) << script << finished.out;
  return finished.out;
}

std::string FreshDirectory() {
  const ::testing::TestInfo& test = *::testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string(test.test_suite_name()) + "." + test.name();
  std::replace(name.begin(), name.end(), '/', '.');
  const std::filesystem::path path =
      std::filesystem::path(FOOTHOLD_BINARY_DIR) / "test_files" / name;
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path.string();
}

void MakeDirectory(const std::string& path) { std::filesystem::create_directories(path); }

std::string ReadTextFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteTextFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::size_t CountLines(const std::string& path) {
  const std::string text = ReadTextFile(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace foothold::testing_cli
