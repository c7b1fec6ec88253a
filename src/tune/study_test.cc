// Ask and tell.
#include "foothold/study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <thread>

#include "foothold/rng.h"
#include "process/testing/fault_env.h"
#include "process/testing/temporary_folder.h"

namespace foothold::tune {
namespace {

using ::testing::ElementsAre;

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::TemporaryFolder;

Space SmallSpace() {
  return Space::Create(
             {{"tile", {1, 2, 4, 8, 16, 32}}, {"layout", {0, 1, 2}, {"a", "b", "c"}, false}})
      .value();
}

/// Below 0 for some, and without a value where the tile is too large.
std::optional<double> Formula(const Config& config) {
  if (config.choices[0] == 5) return std::nullopt;
  return std::pow(static_cast<double>(config.choices[0]) - 3, 2) + config.choices[1] - 2.0;
}

Failure TooLarge() { return {Outcome::kRuntime, "test", "too large"}; }

class StudyTest : public ::testing::Test {
 protected:
  std::unique_ptr<Study> Open(const StudyOptions& options, const std::string& log = "") {
    return Study::Open(SmallSpace(), options, log, env_).value();
  }
  std::string Log() const { return folder_.File("log.jsonl"); }
  LogContents ReadBack() const {
    LogContents log = ReadLog(*Env::Default(), Log()).value();
    EXPECT_THAT(log.damaged, IsEmpty());
    return log;
  }

  static StudyOptions Losses() {
    StudyOptions options;
    options.objective = Objective{"loss", "", false};
    return options;
  }
  static void Answer(Study& study, const StudyTrial& trial) {
    const auto value = Formula(trial.config);
    const Status told =
        value ? study.Tell(trial.number, *value) : study.TellFailed(trial.number, TooLarge());
    ASSERT_TRUE(told.ok()) << told.message();
  }
  static std::vector<Config> Run(Study& study, int trials) {
    std::vector<Config> asked;
    for (int i = 0; i < trials; ++i) {
      const std::optional<StudyTrial> trial = study.Ask().value();
      if (!trial) break;
      asked.push_back(trial->config);
      Answer(study, *trial);
    }
    return asked;
  }

  TemporaryFolder folder_;
  process::FaultEnv env_{Env::Default()};
};

TEST_F(StudyTest, GivesOutEveryConfigOnceAndThenNone) {
  for (const char* searcher : {"foothold", "random", "grid", "genetic"}) {
    StudyOptions options = Losses();
    options.searcher = searcher;
    const auto study = Open(options);
    const std::vector<Config> asked = Run(*study, 100);
    EXPECT_EQ(std::set<Config>(asked.begin(), asked.end()).size(), 18u) << searcher;
    EXPECT_THAT(asked, SizeIs(18)) << searcher;
    EXPECT_EQ(study->best()->config, (Config{{3, 0}})) << searcher;
    EXPECT_EQ(study->ValueOf(*study->best()), -2) << searcher;
  }
}

TEST_F(StudyTest, TheSameCallsGiveTheSameTrials) {
  StudyOptions options = Losses();
  const std::vector<Config> first = Run(*Open(options), 10);
  EXPECT_EQ(Run(*Open(options), 10), first);
  options.seed = 2;
  EXPECT_NE(Run(*Open(options), 10), first);
}

TEST_F(StudyTest, MaximisesWhatIsToBeMaximised) {
  StudyOptions options;
  options.objective = Objective{"score", "%", true};
  const auto study = Open(options);
  while (const auto trial = study->Ask().value()) {
    const auto value = Formula(trial->config);
    if (value) {
      ASSERT_TRUE(study->Tell(trial->number, *value).ok());
    } else {
      ASSERT_TRUE(study->TellFailed(trial->number, TooLarge()).ok());
    }
  }
  EXPECT_EQ(study->ValueOf(*study->best()), 9);
}

TEST_F(StudyTest, SearchersSeeBetterValuesAsFewerSeconds) {
  for (const bool maximise : {false, true}) {
    StudyOptions options;
    options.objective = Objective{"value", "", maximise};
    const auto study = Open(options);
    const double values[] = {1e-6, -1e300, -5, -1e-7, 0, 1e-9, 2, 1e300};
    for (const double value : values) {
      ASSERT_TRUE(study->Tell(study->Ask().value()->number, value).ok());
    }
    std::vector<Measurement> trials = study->trials();
    std::sort(trials.begin(), trials.end(), [&](const Measurement& a, const Measurement& b) {
      return study->ValueOf(a) < study->ValueOf(b);
    });
    for (std::size_t i = 0; i + 1 < trials.size(); ++i) {
      EXPECT_GT(trials[i].seconds[0], 0);
      EXPECT_TRUE(std::isfinite(trials[i].seconds[0]));
      if (maximise) {
        EXPECT_GE(trials[i].seconds[0], trials[i + 1].seconds[0]) << i;
      } else {
        EXPECT_LE(trials[i].seconds[0], trials[i + 1].seconds[0]) << i;
      }
    }
  }
}

TEST_F(StudyTest, ComplaintsSayWhatWouldBeRight) {
  const auto study = Open({});
  const std::uint64_t number = study->Ask().value()->number;
  EXPECT_THAT(study->Tell(7, 1).message(), HasSubstr("trial 7 was never asked for"));
  EXPECT_THAT(study->Tell(number, 0).message(),
              HasSubstr("the time is 0, must be finite and above 0 (seconds)"));
  EXPECT_THAT(study->Tell(number, std::nan("")).message(), HasSubstr("must be finite"));
  EXPECT_THAT(study->Tell(number, 1, {{"m", INFINITY}}).message(),
              HasSubstr("the metric m is inf"));
  EXPECT_TRUE(study->Tell(number, 1, {{"m", 3}}).ok());
  EXPECT_EQ(study->trials().at(0).metrics.at("m"), 3);
  EXPECT_THAT(study->Tell(number, 1).message(), HasSubstr("trial 0 is not under way any more"));

  EXPECT_THAT(Open(Losses())->Tell(0, 1).message(), HasSubstr("never asked for"));
  const auto losses = Open(Losses());
  EXPECT_THAT(losses->Tell(losses->Ask().value()->number, 1, {{"loss", 1}}).message(),
              HasSubstr("the metric loss has the name of the objective"));

  StudyOptions wrong;
  wrong.searcher = "nobody";
  EXPECT_EQ(Study::Open(SmallSpace(), wrong).status().code(), StatusCode::kNotFound);
  wrong = {};
  wrong.name = "two\nlines";
  EXPECT_THAT(Study::Open(SmallSpace(), wrong).status().message(), HasSubstr("one line"));
}

TEST_F(StudyTest, WhatIsWithdrawnIsAskedAgainFirst) {
  const auto study = Open(Losses(), Log());
  const StudyTrial first = *study->Ask().value();
  const StudyTrial second = *study->Ask().value();
  ASSERT_TRUE(study->Withdraw(first.number).ok());
  EXPECT_THAT(study->pending(), SizeIs(1));
  const StudyTrial again = *study->Ask().value();
  EXPECT_EQ(again.config, first.config);
  EXPECT_NE(again.number, first.number);
  Answer(*study, second);
  Answer(*study, again);
  const RunLog run = ReadBack().runs.at(0);
  EXPECT_THAT(run.trials, SizeIs(2));
  EXPECT_THAT(run.unfinished, IsEmpty());
}

TEST_F(StudyTest, ConfigsOfTheCallersChoice) {
  const auto study = Open(Losses(), Log());
  Answer(*study, study->AskFor(Config{{3, 0}}).value());
  EXPECT_EQ(study->ValueOf(*study->best()), -2);
  EXPECT_THAT(Run(*study, 100), SizeIs(17));  // the others
  Answer(*study, study->AskFor(Config{{3, 0}}).value());
  EXPECT_EQ(study->trial_count(), 19u);
  EXPECT_THAT(ReadBack().runs.at(0).trials, SizeIs(19));
}

TEST_F(StudyTest, ResumesFromItsLog) {
  std::vector<Config> asked = Run(*Open(Losses(), Log()), 7);
  const auto study = Open(Losses(), Log());
  EXPECT_TRUE(study->start().resumed);
  EXPECT_EQ(study->start().trials, 7u);
  EXPECT_EQ(study->trial_count(), 7u);
  const std::vector<Config> rest = Run(*study, 100);
  EXPECT_THAT(rest, SizeIs(11));
  asked.insert(asked.end(), rest.begin(), rest.end());
  EXPECT_EQ(std::set<Config>(asked.begin(), asked.end()).size(), 18u);
  const LogContents log = ReadBack();
  ASSERT_THAT(log.runs, SizeIs(1));
  EXPECT_THAT(log.runs[0].trials, SizeIs(18));
  EXPECT_EQ(log.runs[0].header.objective, Losses().objective);
  EXPECT_EQ(log.runs[0].header.parameters, SmallSpace().parameters());
}

TEST_F(StudyTest, AnotherObjectiveOrSpaceIsAnotherRun) {
  Run(*Open(Losses(), Log()), 3);
  StudyOptions other = Losses();
  other.objective->maximise = true;
  EXPECT_FALSE(Open(other, Log())->start().resumed);
  const auto study =
      Study::Open(Space::Create({{"tile", {1, 2}}}).value(), Losses(), Log()).value();
  EXPECT_FALSE(study->start().resumed);
  EXPECT_EQ(study->start().changed_since, 1u);
  EXPECT_THAT(ReadBack().runs, SizeIs(3));
}

TEST_F(StudyTest, AStudyThatEndsInOrderWithdrawsWhatIsUnderWay) {
  {
    const auto study = Open(Losses(), Log());
    Run(*study, 2);
    (void)study->Ask().value();
    (void)study->Ask().value();
  }
  const RunLog run = ReadBack().runs.at(0);
  EXPECT_THAT(run.trials, SizeIs(2));
  EXPECT_THAT(run.unfinished, IsEmpty());
  EXPECT_EQ(Open(Losses(), Log())->trial_count(), 2u);
}

/// Two trials under way in a study whose process died.
class DeadStudyTest : public StudyTest {
 protected:
  void SetUp() override {
    const auto study = Open(Losses(), Log());
    Run(*study, 2);
    for (int i = 0; i < 2; ++i) unfinished_.push_back(study->Ask().value()->config);
    const std::string text = Env::Default()->ReadFile(Log()).value();
    dead_ = folder_.File("dead.jsonl");
    ASSERT_TRUE(Env::Default()->WriteFileAtomically(dead_, text).ok());
  }
  std::vector<Config> unfinished_;
  std::string dead_;
};

TEST_F(DeadStudyTest, WhatWasUnderWayHasFailed) {
  const auto study = Open(Losses(), dead_);
  EXPECT_EQ(study->trial_count(), 4u);
  const Measurement failed = study->trials()[2];
  EXPECT_EQ(failed.config, unfinished_[0]);
  EXPECT_EQ(failed.outcome(), Outcome::kRuntime);
  EXPECT_THAT(failed.failure->reason, HasSubstr("died while this config ran"));
  EXPECT_EQ(study->Ask().value()->number, 0u);
}

TEST_F(DeadStudyTest, WhatWasUnderWayIsAskedAgainOnRequest) {
  StudyOptions options = Losses();
  options.retry_unfinished = true;
  const auto study = Open(options, dead_);
  EXPECT_EQ(study->trial_count(), 2u);
  EXPECT_EQ(study->Ask().value()->config, unfinished_[0]);
  EXPECT_EQ(study->Ask().value()->config, unfinished_[1]);
}

/// The log holds what was told, in that order, whatever was told and withdrawn when.
TEST_F(StudyTest, AnyOrderOfCallsLeavesASoundLog) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const std::string path = folder_.File(std::to_string(seed));
    std::vector<Config> told;
    {
      const auto study = Open(Losses(), path);
      Rng rng(seed);
      std::vector<StudyTrial> open;
      for (int step = 0; step < 40; ++step) {
        const std::uint64_t action = rng.Below(5);
        if (action < 2 || open.empty()) {
          if (const auto trial = study->Ask().value()) open.push_back(*trial);
          continue;
        }
        const auto chosen = open.begin() + static_cast<std::ptrdiff_t>(rng.Below(open.size()));
        if (action == 4) {
          ASSERT_TRUE(study->Withdraw(chosen->number).ok());
        } else {
          Answer(*study, *chosen);
          told.push_back(chosen->config);
        }
        open.erase(chosen);
      }
    }
    const LogContents log = ReadLog(*Env::Default(), path).value();
    ASSERT_THAT(log.damaged, IsEmpty()) << log.damaged[0].problem;
    ASSERT_THAT(log.runs, SizeIs(1));
    EXPECT_THAT(log.runs[0].unfinished, IsEmpty());
    std::vector<Config> logged;
    for (const TrialRecord& record : log.runs[0].trials) {
      logged.push_back(record.measurement.config);
    }
    EXPECT_EQ(logged, told);
  }
}

TEST_F(StudyTest, AFullDiskLosesNoTrialThatWasTold) {
  for (int nth = 1; nth <= 8; ++nth) {
    SCOPED_TRACE(nth);
    const std::string path = folder_.File(std::to_string(nth));
    const auto study = Open(Losses(), path);
    const StudyTrial a = *study->Ask().value();
    const StudyTrial b = *study->Ask().value();
    env_.FailNth(process::FaultEnv::Operation::kAppend, nth, Status::IoError("disk full"));
    const bool told_b = study->Tell(b.number, 1).ok();
    const bool told_a = study->Tell(a.number, 2).ok();
    env_.ClearFaults();
    // What could not be written is still under way, and can be told again.
    EXPECT_NE(study->Tell(b.number, 1).ok(), told_b);
    EXPECT_NE(study->Tell(a.number, 2).ok(), told_a);
    const LogContents log = ReadLog(*Env::Default(), path).value();
    ASSERT_THAT(log.damaged, IsEmpty()) << log.damaged[0].problem;
    EXPECT_THAT(log.runs.at(0).trials, SizeIs(2));
    EXPECT_THAT(log.runs.at(0).unfinished, IsEmpty());
  }
}

TEST_F(StudyTest, MayBeUsedFromSeveralThreads) {
  const auto study = Open(Losses(), Log());
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      while (const auto trial = study->Ask().value()) Answer(*study, *trial);
    });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(study->trial_count(), 18u);
  std::set<Config> told;
  for (const Measurement& trial : study->trials()) told.insert(trial.config);
  EXPECT_EQ(told.size(), 18u);
  EXPECT_THAT(ReadBack().runs.at(0).trials, SizeIs(18));
}

}  // namespace
}  // namespace foothold::tune
