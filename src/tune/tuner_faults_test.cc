// The disk fills, a line tears, a sync fails: Tune says so, and the log keeps what it had.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "foothold/tuner.h"
#include "process/testing/fault_env.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

class TunerFaultsTest : public ::testing::Test {
 protected:
  explicit TunerFaultsTest(bool can_harm_host = false)
      : task_(can_harm_host),
        whole_(Tuning{task_, dir_.File("whole"), QuickOptions(24)}.MustRun()) {}

  Tuning TuningOn(Env& env, const std::string& path) const {
    Tuning tuning{task_, path, QuickOptions(24)};
    tuning.env = &env;
    return tuning;
  }

  /// Tunes with a fault, checks that it shows and that the log can be read, then goes on without.
  void ExpectRecovery(process::FaultEnv& env, const std::string& path) const {
    const Result<TuneResult> failed = TuningOn(env, path).Run();
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.status(), kDiskFull);
    if (Env::Default()->FileExists(path)) {
      const Result<LogContents> contents = ReadLog(*Env::Default(), path);
      ASSERT_TRUE(contents.ok()) << contents.status().message();
    }
    env.ClearFaults();
    const TuneResult rest = TuningOn(env, path).MustRun();
    ExpectSameResult(rest, whole_);
    EXPECT_EQ(TimelessTrials(path), TimelessTrials(dir_.File("whole")));
  }

  void FailEveryOperationAtEveryCall() const {
    int tried = 0;
    for (const auto operation :
         {process::FaultEnv::Operation::kAppend, process::FaultEnv::Operation::kSync}) {
      process::FaultEnv undisturbed(Env::Default());
      TuningOn(undisturbed, dir_.File("count" + std::to_string(tried))).MustRun();
      const int calls = undisturbed.calls(operation);
      ASSERT_GT(calls, 4);
      for (int n = 1; n <= calls; ++n) {
        SCOPED_TRACE(::testing::Message() << "call " << n);
        process::FaultEnv env(Env::Default());
        env.FailFrom(operation, n, kDiskFull);
        ExpectRecovery(env, dir_.File("log" + std::to_string(tried++)));
      }
    }
  }

  const Status kDiskFull = Status::IoError("log: No space left on device");
  measure::FormulaTask task_;
  TempDir dir_;
  TuneResult whole_;
};

/// Where an announced config without a result is taken for one that took the host down.
class TunerFaultsOnHarmfulTargetTest : public TunerFaultsTest {
 protected:
  TunerFaultsOnHarmfulTargetTest() : TunerFaultsTest(true) {}
};

TEST_F(TunerFaultsTest, EveryOperationMayFailAtEveryCall) { FailEveryOperationAtEveryCall(); }
TEST_F(TunerFaultsOnHarmfulTargetTest, EveryOperationMayFailAtEveryCall) {
  FailEveryOperationAtEveryCall();
}

TEST_F(TunerFaultsTest, ATornLineIsCutOffAndMeasuredAgain) {
  for (int n = 1; n <= 8; ++n) {
    for (const std::size_t bytes : {20U, 300U}) {
      SCOPED_TRACE(::testing::Message() << "append " << n << " torn after " << bytes << " bytes");
      process::FaultEnv env(Env::Default());
      env.TearAppend(n, bytes, kDiskFull);
      // As after a crash: what was torn cannot be cut off by the writer itself.
      env.FailFrom(process::FaultEnv::Operation::kTruncate, 1, kDiskFull);
      ExpectRecovery(env, dir_.File("torn" + std::to_string(n) + "_" + std::to_string(bytes)));
    }
  }
}

TEST_F(TunerFaultsTest, ALogThatCannotBeOpenedIsAnError) {
  for (const auto operation :
       {process::FaultEnv::Operation::kOpenForAppend, process::FaultEnv::Operation::kRead}) {
    process::FaultEnv env(Env::Default());
    env.FailFrom(operation, 1, kDiskFull);
    EXPECT_EQ(TuningOn(env, dir_.File("log")).Run().status(), kDiskFull);
  }
}

// The log is removed, replaced or cut in the middle of any batch: the run ends with an error, and
// with the copy it goes on to the same result.
TEST_F(TunerFaultsTest, ALogThatIsLostIsSavedAndGoesOn) {
  for (int way = 0; way < 3; ++way) {
    for (int run = 1; run <= 16; run += 5) {
      SCOPED_TRACE(::testing::Message() << "way " << way << " at run " << run);
      const std::string path = dir_.File("lost" + std::to_string(way) + "_" + std::to_string(run));
      measure::FormulaTask task;
      std::atomic<int> runs = 0;
      task.on_run = [&](const Config&) {
        if (++runs != run) return;
        if (way == 0) std::filesystem::remove(path);
        if (way == 1) std::filesystem::rename(path, path + ".elsewhere");
        if (way == 2) std::filesystem::resize_file(path, 10);
      };
      Tuning tuning{task, path, QuickOptions(24)};
      const Result<TuneResult> lost = tuning.Run();
      ASSERT_FALSE(lost.ok());
      EXPECT_EQ(lost.status().code(), StatusCode::kIoError);
      EXPECT_NE(lost.status().message().find("is saved in " + path + ".saved-1"),
                std::string::npos);
      std::filesystem::rename(path + ".saved-1", path);
      ExpectSameResult(TuningOn(*Env::Default(), path).MustRun(), whole_);
      EXPECT_EQ(TimelessTrials(path), TimelessTrials(dir_.File("whole")));
    }
  }
}

}  // namespace
}  // namespace foothold::tune
