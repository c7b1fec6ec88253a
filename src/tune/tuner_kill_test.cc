// kill -9 at random moments, until the run gets through: the result is that of an undisturbed run.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "foothold/rng.h"
#include "foothold/tuner.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

constexpr std::uint64_t kTrials = 120;

void SleepFor(double seconds) {
  timespec duration{};
  duration.tv_sec = static_cast<time_t>(seconds);
  duration.tv_nsec = static_cast<long>((seconds - static_cast<double>(duration.tv_sec)) * 1e9);
  nanosleep(&duration, nullptr);
}

/// Tunes in a child and kills it after `seconds`. Whether the child got through before that.
bool TuneAndKill(const Tuning& tuning, double seconds) {
  const pid_t child = fork();
  if (child == 0) {
    const Result<TuneResult> result = tuning.Run();
    if (!result.ok()) fprintf(stderr, "%s\n", result.status().message().c_str());
    _exit(result.ok() && result->stop == StopReason::kTrials ? 0 : 1);
  }
  EXPECT_GT(child, 0);
  SleepFor(seconds);
  kill(child, SIGKILL);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  if (WIFEXITED(status)) {
    EXPECT_EQ(WEXITSTATUS(status), 0) << "the child failed by itself";
    return true;
  }
  return false;
}

class TunerKillTest : public ::testing::TestWithParam<int> {};

TEST_P(TunerKillTest, AnyNumberOfKillsChangesNothing) {
  const int jobs = GetParam();
  measure::FormulaTask task;
  // Slow enough that a kill falls inside a batch, a run or a write as it pleases.
  task.on_run = [](const Config&) { SleepFor(0.0005); };
  const TempDir dir;
  Env& env = *Env::Default();
  const double start = env.MonotonicSeconds();
  const TuneResult whole = Tuning{task, dir.File("whole"), QuickOptions(kTrials, jobs)}.MustRun();
  const double duration = env.MonotonicSeconds() - start;

  const auto seed = static_cast<std::uint64_t>(getpid());
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Rng rng(seed);
  int kills = 0;
  for (int log = 0; kills < 25; ++log) {
    const Tuning tuning{task, dir.File("log" + std::to_string(log)), QuickOptions(kTrials, jobs)};
    while (kills < 25 && !TuneAndKill(tuning, rng.Uniform() * duration * 0.7)) ++kills;
    ExpectSameResult(tuning.MustRun(), whole);
    ASSERT_EQ(TimelessTrials(tuning.log_path), TimelessTrials(dir.File("whole")));
  }
}

INSTANTIATE_TEST_SUITE_P(Jobs, TunerKillTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace foothold::tune
