// misbehave KINDS NUMBER [INDEX]: a candidate that does what candidates do when they are wrong. For
// the tests of everything that must survive it. KINDS are names with commas between them, of which
// INDEX, from 0, says the one to be; "signal_N" and "exit_N" are such too. Harmless by itself:
// every kind is bounded, and ends after a minute.
//
// What it leaves behind signs the file that MISBEHAVE_SIGN names with its process id; without it, a
// file in the current directory.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "process/testing/misbehave/kinds.h"

namespace misbehave {
namespace {

constexpr unsigned kLifetimeSeconds = 60;
/// Of a name that is not known, so that it is not taken for an intended failure.
constexpr int kUnknown = 96;

std::string Chosen(const std::string& kinds, int index) {
  std::size_t begin = 0;
  for (; index > 0 && begin != std::string::npos; --index) begin = kinds.find(',', begin + 1);
  if (begin == std::string::npos) return "";
  if (begin > 0) ++begin;
  return kinds.substr(begin, kinds.find(',', begin) - begin);
}

/// The N of "signal_N"; -1 when it is no such name.
int NumberIn(const std::string& kind, const std::string& prefix) {
  if (kind.compare(0, prefix.size(), prefix) != 0) return -1;
  const std::string rest = kind.substr(prefix.size());
  if (rest.empty() || rest.find_first_not_of("0123456789") != std::string::npos) return -1;
  return std::atoi(rest.c_str());
}

int Do(const std::string& kind, int number) {
  Actions actions = {{"behave", [](int) {}},
                     {"crash", [](int) { ::raise(SIGSEGV); }},
                     {"exit", [](int code) { std::exit(code); }}};
  AddProcesses(actions);
  AddAttacks(actions);
  AddFolders(actions);
  AddOutputs(actions);
  if (const int signal = NumberIn(kind, "signal_"); signal > 0) ::raise(signal);
  if (const int code = NumberIn(kind, "exit_"); code >= 0) return code;
  const auto action = actions.find(kind);
  if (action == actions.end() && NumberIn(kind, "signal_") < 0) return kUnknown;
  if (action != actions.end()) action->second(number);
  std::printf("%d\n", number);
  return 0;
}

}  // namespace
}  // namespace misbehave

int main(int argc, char** argv) {
  ::alarm(misbehave::kLifetimeSeconds);
  const int index = argc > 3 ? std::atoi(argv[3]) : 0;
  const std::string kind = misbehave::Chosen(argc > 1 ? argv[1] : "", index);
  return misbehave::Do(kind, argc > 2 ? std::atoi(argv[2]) : 0);
}
