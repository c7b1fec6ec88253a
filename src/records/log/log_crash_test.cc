// kill -9 at any moment: whatever the writer said was written is there afterwards.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "foothold/record.h"
#include "foothold/rng.h"
#include "records/log/log_writer.h"
#include "records/log/testing.h"

namespace foothold::records {
namespace {

using testing::CorrectTrial;
using testing::SomeRun;
using testing::TemporaryFolder;

/// Appends trials for ever, and tells `pipe` the number of trials after each that was written.
[[noreturn]] void AppendUntilKilled(const std::string& path, int pipe) {
  auto writer = LogWriter::Open(*Env::Default(), path);
  if (!writer.ok()) _exit(1);
  std::uint64_t trial = 0;
  if ((*writer)->contents().runs.empty()) {
    if (!(*writer)->BeginRun(SomeRun()).ok()) _exit(2);
  } else {
    (*writer)->ContinueRun(0);
    trial = (*writer)->contents().runs[0].trials.size();
  }
  while (true) {
    const Config config{{static_cast<std::uint32_t>(trial % 3), 0}};
    if (trial % 8 == 0 && !(*writer)->Started({{trial, config}}).ok()) _exit(3);
    if (!(*writer)->Append({CorrectTrial(trial, config)}).ok()) _exit(4);
    ++trial;
    if (write(pipe, &trial, sizeof trial) != sizeof trial) _exit(5);
  }
}

/// Reads what comes through `pipe` until `count` numbers have; the last of them, or `last`.
std::uint64_t ReadNumbers(int pipe, std::uint64_t count, std::uint64_t last) {
  std::uint64_t number = 0;
  for (std::uint64_t i = 0; i < count && read(pipe, &number, sizeof number) == sizeof number; ++i) {
    last = number;
  }
  return last;
}

TEST(LogCrash, EveryAcknowledgedTrialSurvivesKill9) {
  const TemporaryFolder folder;
  const std::string path = folder.File("tune.jsonl");
  Rng rng(1);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 12; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(pipe_ends[0]);
      AppendUntilKilled(path, pipe_ends[1]);
    }
    close(pipe_ends[1]);
    acknowledged = ReadNumbers(pipe_ends[0], 1 + rng.Below(200), acknowledged);
    usleep(static_cast<useconds_t>(rng.Below(3000)));  // anywhere within a line
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child gave up with code " << WEXITSTATUS(status);
    acknowledged = ReadNumbers(pipe_ends[0], UINT64_MAX, acknowledged);  // what was under way
    close(pipe_ends[0]);

    const auto contents = ReadLog(*Env::Default(), path);
    ASSERT_TRUE(contents.ok()) << contents.status().message();
    ASSERT_EQ(contents->runs.size(), 1U);
    const std::vector<TrialRecord>& trials = contents->runs[0].trials;
    ASSERT_GE(trials.size(), acknowledged) << "round " << round;
    ASSERT_LE(trials.size(), acknowledged + 1) << "round " << round;
    for (const TrialRecord& trial : trials) {
      ASSERT_EQ(trial.measurement.config.choices[0], trial.trial % 3);
    }
  }
  EXPECT_GT(acknowledged, 12U);
}

}  // namespace
}  // namespace foothold::records
