#pragma once

#include <functional>
#include <map>
#include <string>

// What misbehave can do, by name. An action that returns is followed by the well-behaved end: the
// number that the candidate was told is printed as its seconds, and the exit code is 0.
namespace misbehave {

using Action = std::function<void(int number)>;
using Actions = std::map<std::string, Action>;

/// Hangs, bombs, and what runs on when the candidate has ended.
void AddProcesses(Actions& actions);
/// What is done to the keeper, to the tuner, and to limits.
void AddAttacks(Actions& actions);
/// What is done to folders and files.
void AddFolders(Actions& actions);
/// What is printed, and other results in the second run than in the first.
void AddOutputs(Actions& actions);

/// For ever, but for the alarm that main has set.
[[noreturn]] void Linger();
/// A child process that does that and returns never; in the parent, its id. Exits where there is
/// none to be had.
int Fork(const std::function<void()>& child);
/// Starts a process that writes its id to the file that MISBEHAVE_SIGN names and lingers, with
/// SIGTERM ignored. Returns when it has signed.
void LeaveBehind(bool as_daemon);
/// Which run of this candidate it is, from 1; counted in a file in its folder.
int RunNumber();

}  // namespace misbehave
