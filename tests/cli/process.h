#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace foothold::testing_cli {

/// Whether the command has the searchers that learn with XGBoost: autotvm, ml2tuner and validity.
#ifdef FOOTHOLD_HAS_XGBOOST
inline constexpr bool kHasXgboost = true;
#else
inline constexpr bool kHasXgboost = false;
#endif

/// What a finished command left behind.
struct Finished {
  int exit_code = -1;  ///< 128 + signal when a signal ended it, as a shell would say
  std::string out;
  std::string err;
};

/// A running `foothold`, with its output going to files. The destructor kills and reaps it.
class Process {
 public:
  /// Starts the built command with `arguments` in `directory`.
  Process(const std::vector<std::string>& arguments, const std::string& directory);
  /// The same with any program, and paths for its output; both may be the same.
  Process(const std::string& program, const std::vector<std::string>& arguments,
          const std::string& directory, const std::string& out_path, const std::string& err_path);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Waits until `ready` holds; false when the command ended or 60 s passed first.
  bool WaitUntil(const std::function<bool()>& ready);
  void Signal(int signal);
  Finished Wait();

 private:
  bool Poll();

  pid_t pid_ = -1;
  bool ended_ = false;
  int status_ = 0;
  std::string out_path_;
  std::string err_path_;
};

/// Runs the built command to its end in `directory`.
Finished RunFoothold(const std::vector<std::string>& arguments, const std::string& directory);

/// Runs the built foothold-study to its end in `directory`. There is one with FOOTHOLD_STUDIES
/// only.
Finished RunStudy(const std::vector<std::string>& arguments, const std::string& directory);

/// Runs a shell script in `directory`, with the built command on the path, and returns what it
/// printed to either stream. A command that fails fails the test.
std::string RunShell(const std::string& script, const std::string& directory);

/// A new empty directory for the running test.
std::string FreshDirectory();

void MakeDirectory(const std::string& path);
std::string ReadTextFile(const std::string& path);
void WriteTextFile(const std::string& path, const std::string& text);

/// Number of lines of the file, 0 when it is not there.
std::size_t CountLines(const std::string& path);

}  // namespace foothold::testing_cli
