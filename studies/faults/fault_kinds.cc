#include "studies/faults/fault_kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace foothold::studies {
namespace {

using Names = std::initializer_list<const char*>;
using Ends = std::vector<std::string>;

/// The kinds as they are added; what they have in common is set for all that follow.
struct Table {
  std::vector<FaultKind> kinds;
  bool in_build = false;
  bool is_repeated = false;
  bool attacks_tuner = false;

  void Add(Names names, const Ends& becomes) {
    for (const char* name : names) {
      kinds.push_back({name, becomes, in_build, is_repeated, attacks_tuner});
    }
  }
};

const Ends kCorrect = {"correct"};
// Whichever comes first: its own limit, or ten times what the best one took.
const Ends kTimeout = {"timeout, run.timeout", "slow"};
const Ends kResult = {"runtime, run.result"};
const Ends kExit = {"runtime, run.exit"};
const Ends kSignal = {"runtime, run.signal"};
const Ends kLost = {"runtime, run.lost"};

void AddEnds(Table& table) {
  // Those that end a process; the rest is ignored, or stops it.
  for (const int signal : {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13,
                           14, 15, 16, 24, 26, 27, 29, 30, 31, 34, 50, 64}) {
    table.kinds.push_back({fmt::format("signal_{}", signal), kSignal});
  }
  // A session without a terminal is not stopped from one.
  table.Add(
      {"signal_17", "signal_18", "signal_20", "signal_21", "signal_22", "signal_23", "signal_28"},
      kCorrect);
  table.Add({"signal_19"}, kTimeout);
  table.Add({"signal_25"}, {"runtime, run.file_size"});
  for (const int code : {1, 2, 3, 64, 77, 78, 126, 127, 128, 137, 139, 254, 255}) {
    table.kinds.push_back({fmt::format("exit_{}", code), kExit});
  }
}

void AddProcesses(Table& table) {
  table.Add({"hang", "hang_blocking_signals", "hang_ignoring_signals", "hang_without_files",
             "hang_in_child", "hang_in_lock", "hang_in_fifo", "hang_in_vfork", "hang_with_daemon",
             "hang_after_result", "hang_trickling", "ignore_sigterm", "close_output"},
            kTimeout);
  // Its first process ends at once, without a time.
  table.Add({"hang_in_hydra"}, kResult);
  // Where the machine gives it no time to spin, the wall limit comes first.
  table.Add({"spin", "spin_in_child", "spin_in_daemon", "spin_in_threads"},
            {"timeout, run.cpu", "timeout, run.timeout", "slow"});
  // Where the machine gives no time to look, an allocation fails, and the program aborts.
  table.Add({"allocate", "allocate_at_once", "allocate_in_children"},
            {"runtime, run.memory", "runtime, run.signal"});
  table.Add({"recurse"}, kSignal);
  table.Add({"start_threads"}, kTimeout);
  // Many processes are also much memory, which may be seen first.
  table.Add({"fork_many", "fork_bomb"}, {"runtime, run.processes", "runtime, run.memory"});
  table.Add({"print", "print_errors"}, {"runtime, run.output"});
  table.Add(
      {"map_much", "share_memory", "leave_zombies", "leave_child", "leave_daemon", "leave_daemons",
       "leave_hidden_daemon", "leave_hydra", "leave_namespace", "leave_stopped"},
      kCorrect);
}

void AddAttacks(Table& table) {
  table.Add({"kill_keeper", "kill_keeper_and_daemon", "kill_keeper_outside_cgroup", "garble_keeper",
             "garble_keeper_much", "close_keepers_channel"},
            kLost);
  // Whichever comes first: the keeper that does not answer, or ten times what the best one took.
  table.Add({"trace_keeper_and_hang", "trace_keeper_from_daemon"}, {"runtime, run.lost", "slow"});
  table.Add({"stop_keeper_and_hang"}, kTimeout);
  table.Add({"stop_keeper", "stop_keeper_often", "signal_keeper", "trace_keeper", "limit_keeper",
             "garble_keeper_by_path", "leave_cgroup", "limit_itself", "drop_rights"},
            kCorrect);
  // Some systems give it a second, which it does not need.
  table.Add({"limit_keepers_time"}, {"runtime, run.lost", "correct"});
  table.Add({"limit_its_time"},
            {"runtime, run.signal", "timeout, run.cpu", "timeout, run.timeout", "slow"});
  table.Add({"close_files"}, kResult);
  table.Add({"kill_group"}, kSignal);
}

void AddFolders(Table& table) {
  table.Add({"fill_file", "sparse_file"}, {"runtime, run.file_size"});
  table.Add({"remove_siblings_and_crash"}, kSignal);
  table.Add({"remove_outer_folder_and_hang"}, kTimeout);
  const Names harmless = {"remove_folder",
                          "empty_folder",
                          "close_folder",
                          "move_folder",
                          "replace_folder_by_file",
                          "replace_folder_by_link",
                          "replace_folder_by_dangling_link",
                          "remove_siblings",
                          "empty_siblings",
                          "close_siblings",
                          "remove_outer_folder",
                          "close_outer_folder",
                          "remove_tmpdir",
                          "make_closed_folders",
                          "make_many_files",
                          "make_odd_entries",
                          "open_many_files",
                          "umask"};
  table.Add(harmless, kCorrect);
  // 30,000 folders take more time than the limits on a slow disk.
  table.Add({"nest_folders"}, {"correct", "timeout, run.cpu", "timeout, run.timeout", "slow"});
  table.is_repeated = true;
  table.Add(harmless, kCorrect);
  // 30,000 folders take processor time, more than their limit on a slow disk.
  table.Add({"nest_folders"}, {"correct", "timeout, run.cpu"});
  table.Add({"mkdir_once"}, kExit);
  table.is_repeated = false;
}

void AddOutputs(Table& table) {
  table.Add({"print_nothing",
             "print_blank_lines",
             "print_nan",
             "print_inf",
             "print_json_nan",
             "print_negative",
             "print_zero",
             "print_negative_zero",
             "print_underflow",
             "print_overflow",
             "print_hexadecimal",
             "print_comma",
             "print_unit",
             "print_word",
             "print_plus",
             "print_two_numbers",
             "print_list",
             "print_string",
             "print_null",
             "print_true",
             "print_empty_object",
             "print_torn_object",
             "print_two_objects",
             "print_no_times",
             "print_null_time",
             "print_text_time",
             "print_negative_among_times",
             "print_nested_times",
             "print_unknown_field",
             "print_odd_correct",
             "print_odd_metrics",
             "print_text_metric",
             "print_huge_metric",
             "print_deep_nest",
             "print_deep_objects",
             "print_binary",
             "print_zero_byte",
             "print_utf16",
             "print_bad_utf8",
             "print_escapes",
             "print_result_first",
             "print_carriage_returns",
             "print_long_word",
             "print_long_number",
             "print_too_long_line",
             "print_too_many_times",
             "print_to_stderr",
             "print_field_twice"},
            kResult);
  table.Add({"print_wrong", "print_wrong_without_time"}, {"correctness, run.result"});
  table.Add({"print_windows_line", "print_no_newline", "print_trailing_blanks", "print_much_before",
             "print_progress_before", "print_metrics", "print_many_times", "print_bom"},
            kCorrect);
  table.Add({"complain_with_escapes", "complain_in_binary", "complain_at_length",
             "complain_with_formats", "complain_in_json"},
            kExit);
}

void AddLaterRuns(Table& table) {
  table.is_repeated = true;
  table.Add({"wrong_in_run_2", "wrong_in_run_3", "wrong_from_run_2", "fast_then_wrong"},
            {"correctness, run.result"});
  table.Add({"exit_in_run_2"}, kExit);
  table.Add({"crash_in_run_2", "crash_in_run_3", "fast_then_crash"}, kSignal);
  table.Add({"hang_in_run_2", "fast_then_hang"}, kTimeout);
  table.Add({"nothing_in_run_2"}, kResult);
  table.Add({"denormal_in_run_1"}, kCorrect);
  table.is_repeated = false;
}

void AddBuilds(Table& table) {
  table.in_build = true;
  table.Add({"exit_1", "exit_255", "complain_with_escapes", "complain_at_length"},
            {"compile, build.exit"});
  table.Add({"signal_11", "signal_9", "kill_group"}, {"compile, build.signal"});
  table.Add({"hang", "hang_with_daemon", "stop_keeper_and_hang"}, {"compile, build.timeout"});
  table.Add({"spin"}, {"compile, build.cpu", "compile, build.timeout"});
  table.Add({"allocate"}, {"compile, build.memory", "compile, build.signal"});
  table.Add({"print"}, {"compile, build.output"});
  table.Add({"fill_file"}, {"compile, build.file_size"});
  table.Add({"kill_keeper"}, {"compile, build.lost"});
  table.Add({"leave_daemon", "print_binary", "print_wrong", "remove_folder", "close_folder",
             "replace_folder_by_link", "remove_siblings", "remove_tmpdir", "make_closed_folders"},
            kCorrect);
  table.in_build = false;
}

void AddAttacksOnTheTuner(Table& table) {
  table.Add({"stop_tuner_briefly"}, kCorrect);
  table.attacks_tuner = true;
  table.Add({"kill_tuner", "terminate_tuner", "interrupt_tuner", "hang_up_tuner", "crash_tuner"},
            {"runtime, tuner"});
  table.attacks_tuner = false;
}

}  // namespace

bool FaultKind::hangs() const {
  return std::any_of(becomes.begin(), becomes.end(), [](const std::string& end) {
    return end.find("timeout") != std::string::npos;
  });
}

const std::vector<FaultKind>& FaultKinds() {
  static const std::vector<FaultKind> kinds = [] {
    Table table;
    AddEnds(table);
    AddProcesses(table);
    AddAttacks(table);
    AddFolders(table);
    AddOutputs(table);
    AddLaterRuns(table);
    AddBuilds(table);
    AddAttacksOnTheTuner(table);
    return std::move(table.kinds);
  }();
  return kinds;
}

}  // namespace foothold::studies
