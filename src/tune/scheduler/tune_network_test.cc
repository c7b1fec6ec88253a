#include "tune/scheduler/tune_network.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>

#include "records/log/log_writer.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

/// A layer of a network: the formula under a name of its own.
class LayerTask : public measure::FormulaTask {
 public:
  explicit LayerTask(const std::string& name) { workload_.name = name; }
  const Workload& workload() const override { return workload_; }

 private:
  Workload workload_;
};

class TuneNetworkTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) const { return dir_.File(name); }

  NetworkRequest Request(const std::string& log, std::uint64_t trials,
                         const std::atomic<bool>& interrupt = kNeverInterrupted) {
    return {.weights = {1, 3, 2},
            .make_ready = [this, log, &interrupt](std::size_t i) -> Result<ReadyRun> {
              TuneRequest request{
                  .task = tasks_[i], .target = "formula", .log = log, .interrupt = interrupt};
              request.options = QuickOptions(1);
              request.searcher.name = "suspicious";
              request.searcher.searcher =
                  std::make_unique<SuspiciousSearcher>(tasks_[i].space(), i);
              return MakeReady(std::move(request));
            },
            .log = log,
            .trials = trials,
            .interrupt = interrupt};
  }
  NetworkResult MustTune(const NetworkRequest& request) {
    Result<NetworkResult> result = TuneNetwork(request);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return result.ok() ? std::move(result).value() : NetworkResult{};
  }
  /// The trials of each task, by its name: runs may begin in another order.
  static std::map<std::string, std::vector<std::string>> Trials(const std::string& log) {
    std::map<std::string, std::vector<std::string>> trials;
    for (const RunLog& run : MustReadLog(log).runs) {
      EXPECT_EQ(trials.count(run.header.workload.name), 0U);
      trials[run.header.workload.name] = TimelessTrials(run);
    }
    return trials;
  }

  std::array<LayerTask, 3> tasks_ = {LayerTask("net.C1"), LayerTask("net.C2"), LayerTask("net.C3")};
  TempDir dir_;
};

TEST_F(TuneNetworkTest, OneBudgetAndOneLogForAllTasks) {
  std::vector<NetworkProgress> seen;
  NetworkRequest request = Request(Path("log"), 60);
  request.on_progress = [&](const NetworkProgress& progress) { seen.push_back(progress); };
  const NetworkResult result = MustTune(request);
  EXPECT_EQ(result.stop, StopReason::kTrials);
  ASSERT_EQ(result.tasks.size(), 3U);
  std::uint64_t trials = 0;
  double seconds = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    trials += result.tasks[i].progress.finished;
    ASSERT_TRUE(result.tasks[i].best().has_value());
    seconds += request.weights[i] * result.tasks[i].best()->MedianSeconds();
    EXPECT_EQ(result.tasks[i].stop, StopReason::kTrials);
    EXPECT_EQ(result.tasks[i].run, i + 1);
  }
  EXPECT_EQ(trials, 60U);
  EXPECT_DOUBLE_EQ(result.progress.seconds, seconds);
  EXPECT_EQ(result.progress.tuned, 3U);
  ASSERT_FALSE(seen.empty());
  for (std::size_t i = 1; i < seen.size(); ++i) EXPECT_GE(seen[i].finished, seen[i - 1].finished);
  EXPECT_EQ(Trials(Path("log")).size(), 3U);
}

TEST_F(TuneNetworkTest, IsAFunctionOfItsArguments) {
  MustTune(Request(Path("one"), 50));
  MustTune(Request(Path("other"), 50));
  EXPECT_EQ(Trials(Path("one")), Trials(Path("other")));
}

// The log is cut after every line, and in the middle of every line.
TEST_F(TuneNetworkTest, FromEveryPrefixOfTheLog) {
  MustTune(Request(Path("whole"), 24));
  const auto trials = Trials(Path("whole"));
  const std::string log = Env::Default()->ReadFile(Path("whole")).value();
  std::size_t line_start = 0;
  int cuts = 0;
  for (std::size_t end = log.find('\n'); end != std::string::npos; end = log.find('\n', end + 1)) {
    for (const std::size_t cut : {end + 1, line_start + (end - line_start) / 2}) {
      const std::string path = Path("cut" + std::to_string(cuts++));
      ASSERT_TRUE(Env::Default()->WriteFileAtomically(path, log.substr(0, cut)).ok());
      const NetworkResult rest = MustTune(Request(path, 24));
      EXPECT_EQ(rest.progress.finished, 24U);
      ASSERT_EQ(Trials(path), trials) << "cut after " << cut << " bytes";
    }
    line_start = end + 1;
  }
  EXPECT_GT(cuts, 2 * 24);
}

TEST_F(TuneNetworkTest, ALargerBudgetContinues) {
  MustTune(Request(Path("whole"), 60));
  for (const std::uint64_t trials : {1, 7, 10, 29, 60}) MustTune(Request(Path("steps"), trials));
  EXPECT_EQ(Trials(Path("steps")), Trials(Path("whole")));
}

TEST_F(TuneNetworkTest, AnInterruptIsResumed) {
  MustTune(Request(Path("whole"), 60));
  std::atomic<bool> interrupt = false;
  int runs = 0;
  tasks_[1].on_run = [&](const Config&) {
    if (++runs == 9) interrupt = true;
  };
  EXPECT_EQ(MustTune(Request(Path("log"), 60, interrupt)).stop, StopReason::kInterrupted);
  EXPECT_EQ(MustTune(Request(Path("log"), 60)).progress.finished, 60U);
  EXPECT_EQ(Trials(Path("log")), Trials(Path("whole")));
}

TEST_F(TuneNetworkTest, ATaskThatHasEndedLeavesItsShareToTheOthers) {
  NetworkRequest request = Request(Path("log"), 6000);
  const NetworkResult result = MustTune(request);
  EXPECT_EQ(result.stop, StopReason::kConcluded);
  for (const TuneResult& task : result.tasks) EXPECT_EQ(task.stop, StopReason::kSpaceExhausted);
  EXPECT_EQ(result.progress.ended, 3U);
}

TEST_F(TuneNetworkTest, TheRuleDecides) {
  NetworkRequest request = Request(Path("log"), 28);
  request.rule = [](std::span<const TaskState>) { return std::size_t{2}; };
  const NetworkResult result = MustTune(request);
  EXPECT_EQ(result.tasks[2].progress.finished, 28U);
  EXPECT_EQ(result.tasks[0].progress.finished, 0U);
}

TEST_F(TuneNetworkTest, AnotherTunerHasTheLog) {
  const auto held = records::LogWriter::Open(*Env::Default(), Path("log")).value();
  EXPECT_EQ(TuneNetwork(Request(Path("log"), 8)).status().code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace foothold::tune
