// Candidates that seem to be something else than they are, on their first run or for the
// infrastructure: each is judged by all that it did, and none ends or falsifies the run of the
// others. With real child processes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/record.h"
#include "foothold/searchers.h"
#include "foothold/targets.h"
#include "foothold/tuner.h"

namespace foothold {
namespace {

using ::testing::HasSubstr;

bool IsLeftOut(std::string_view searcher) {
  const std::vector<SearcherInfo> left_out = SearchersLeftOut();
  return std::any_of(left_out.begin(), left_out.end(),
                     [&](const SearcherInfo& info) { return info.name == searcher; });
}

class MisjudgedTest : public ::testing::Test {
 protected:
  MisjudgedTest() {
    options_.jobs = 1;
    options_.device.first_pause_s = 0.01;
    options_.repeats.final_rounds = 0;
  }

  ~MisjudgedTest() override { EXPECT_TRUE(env_.RemoveTree(folder_).ok()); }

  /// Tunes the configs a = 1, 2, ..., `count`, in that order; each is the shell's `run`, in which
  /// {a} is its number.
  Result<TuneResult> Tune(const std::string& run, int count, const std::string& more = "",
                          const std::string& searcher = "grid") {
    std::string values = "1";
    for (int a = 2; a <= count; ++a) values += fmt::format(",{}", a);
    std::string quoted;
    for (const char c : run) {
      if (c == '"') quoted += '\\';
      quoted += c;
    }
    const std::string json = fmt::format(
        R"({{"format":"foothold-command-target","version":1,{}"parameters":[{{"name":"a","values":[{}]}}],)"
        R"("run":{{"command":["sh","-c","{}"],"outcomes":{{"3":"correctness"}},"limits":{{"wall_s":20}}}}}})",
        more, values, quoted);
    const std::string path = folder_ + "/target.json";
    EXPECT_TRUE(env_.WriteFileAtomically(path, json).ok());
    const auto target = MakeTarget(env_, "command:" + path);
    EXPECT_TRUE(target.ok()) << target.status().message();
    const auto task = (*target)->Prepare(*ParseInlineWorkload("dense:1x8,4")).value();
    options_.trials = static_cast<std::uint64_t>(count);
    return foothold::Tune({.task = *task,
                           .target = "command",
                           .searcher = {std::string(searcher)},
                           .options = options_,
                           .log = log_,
                           .env = env_});
  }

  std::vector<Measurement> Trials() const {
    const LogContents contents = ReadLog(env_, log_).value();
    std::vector<Measurement> trials;
    for (const TrialRecord& trial : contents.runs.at(0).trials) {
      trials.push_back(trial.measurement);
    }
    return trials;
  }
  std::vector<Outcome> Outcomes() const {
    std::vector<Outcome> outcomes;
    for (const Measurement& trial : Trials()) outcomes.push_back(trial.outcome());
    return outcomes;
  }
  static std::uint32_t BestOf(const Result<TuneResult>& result) {
    const auto best = result.ok() ? result->best() : std::nullopt;
    return best ? best->config.choices[0] + 1 : 0;
  }

  Env& env_ = *Env::Default();
  const std::string folder_ = *env_.CreateTemporaryDirectory("foothold_misjudged_");
  const std::string log_ = folder_ + "/log.jsonl";
  TunerOptions options_;
};

constexpr Outcome kCorrect = Outcome::kCorrect;
constexpr Outcome kRuntime = Outcome::kRuntime;

TEST_F(MisjudgedTest, RightAndFastestOnItsFirstRunAndCrashedOnItsSecond) {
  for (const std::string more : {"", "\"exact_times\":true,"}) {
    (void)env_.RemoveTree(log_);
    const auto result =
        Tune("[ {a} = 1 ] && [ -e r ] && kill -11 $$; touch r; echo 0.00{a}", 3, more);
    ASSERT_TRUE(result.ok()) << result.status().message();
    EXPECT_EQ(Outcomes(), (std::vector<Outcome>{kRuntime, kCorrect, kCorrect}));
    EXPECT_THAT(Trials()[0].failure->reason, HasSubstr("an earlier run of it was correct"));
    EXPECT_EQ(BestOf(result), 2U);
  }
}

TEST_F(MisjudgedTest, WrongOnItsSecondRunItLimitsNobody) {
  const auto result = Tune(
      "if [ {a} = 1 ]; then n=$(ls | wc -l); touch r$n; [ $n = 1 ] && exit 3; echo 1e-6; "
      "else sleep 1.1; echo 1.{a}; fi",
      3);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(Outcomes(), (std::vector<Outcome>{Outcome::kCorrectness, kCorrect, kCorrect}));
  EXPECT_EQ(BestOf(result), 2U);
}

TEST_F(MisjudgedTest, WhoSaysOfALaterRunThatItIsWrongIsWrong) {
  const auto result = Tune(
      R"([ -e r ] && [ {a} = 1 ] && echo '{{"seconds":1e-6,"correct":false}}' && exit; touch r; echo 0.00000{a})",
      3);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(Outcomes(), (std::vector<Outcome>{Outcome::kCorrectness, kCorrect, kCorrect}));
  EXPECT_EQ(BestOf(result), 2U);
}

TEST_F(MisjudgedTest, ABestOneThatFailsEverAfterItWasAcceptedIsTakenBack) {
  // a=2 is accepted after two runs, and fails for good from the third on; a=3 crashes.
  const auto result =
      Tune(fmt::format("[ {{a}} = 3 ] && exit 1; [ {{a}} = 2 ] || {{{{ echo 0.{{a}}; exit; }}}}; "
                       "echo >> {0}/runs; [ $(wc -l < {0}/runs) -gt 2 ] && exit 1; echo 0.0001",
                       folder_),
           4, "\"exact_times\":true,");
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(Outcomes(), (std::vector<Outcome>{kCorrect, kRuntime, kRuntime, kCorrect}));
  EXPECT_EQ(Trials()[1].failure->reason.find("was correct, and failed when it was run again"), 0U);
  EXPECT_EQ(result->best()->MedianSeconds(), 0.1);
  EXPECT_EQ(result->demoted.size(), 1U);
}

TEST_F(MisjudgedTest, SlowIsNotInvalid) {
  const auto result = Tune("[ {a} = 2 ] && sleep 15; echo 0.00{a}", 3);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(Outcomes(), (std::vector<Outcome>{kCorrect, Outcome::kSlow, kCorrect}));
  EXPECT_GE(Trials()[1].slower_than_s.value(), 0.01) << "ten times the best";
  EXPECT_FALSE(Trials()[1].failure);
}

TEST_F(MisjudgedTest, TheTargetsOwnLimitIsATimeout) {
  options_.timeout_s = 0.5;
  const auto result = Tune("[ {a} = 2 ] && sleep 15; echo 0.00{a}", 3);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(Outcomes(), (std::vector<Outcome>{kCorrect, Outcome::kTimeout, kCorrect}));
}

TEST_F(MisjudgedTest, WhoAlwaysSaysInfrastructureIsGivenUpInTheSameRunWhereOthersWork) {
  for (const int poison : {1, 2}) {
    (void)env_.RemoveTree(log_);
    const auto result = Tune(fmt::format("[ {{a}} = {} ] && exit 75; echo 0.{{a}}", poison), 3);
    ASSERT_TRUE(result.ok()) << result.status().message();
    std::vector<Outcome> expected(3, kCorrect);
    expected[static_cast<std::size_t>(poison - 1)] = kRuntime;
    EXPECT_EQ(Outcomes(), expected);
    EXPECT_THAT(Trials()[static_cast<std::size_t>(poison - 1)].failure->reason,
                HasSubstr("exited with code 75"));
  }
}

TEST_F(MisjudgedTest, WhereAllFailAsInfrastructureOneConfigIsGivenUpAtTheSecondSession) {
  const std::string gate = folder_ + "/gate";
  // Not by its path, which would be a file that the run depends on.
  const std::string run =
      fmt::format("cd {} && [ -e gate ] && [ {{a}} != 1 ] || exit 75; echo 0.{{a}}", folder_);
  EXPECT_EQ(Tune(run, 3).status().code(), StatusCode::kUnavailable);
  EXPECT_TRUE(Trials().empty());
  EXPECT_EQ(Tune(run, 3).status().code(), StatusCode::kUnavailable);
  ASSERT_EQ(Trials().size(), 1U) << "the first one, and it alone";
  EXPECT_EQ(Trials()[0].failure->stage, "tuner");
  EXPECT_THAT(Trials()[0].failure->reason, HasSubstr("the infrastructure failed 2 times"));
  EXPECT_TRUE(env_.WriteFileAtomically(gate, "").ok());
  const auto result = Tune(run, 3);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(Outcomes(), (std::vector<Outcome>{kRuntime, kCorrect, kCorrect}));
}

TEST_F(MisjudgedTest, EverySearcherTakesAnyTimeAboveZero) {
  for (const char* searcher : {"foothold", "ml2tuner", "validity", "autotvm", "genetic"}) {
    SCOPED_TRACE(searcher);
    if (IsLeftOut(searcher)) continue;
    (void)env_.RemoveTree(log_);
    const auto result = Tune(
        "[ {a} = 5 ] && echo 1e-310 && exit; [ {a} = 6 ] && echo 1e308 && exit; "
        "[ {a} = 3 ] && exit 1; echo 0.{a}",
        12, "\"exact_times\":true,", searcher);
    ASSERT_TRUE(result.ok()) << result.status().message();
    EXPECT_EQ(BestOf(result), 5U);
    EXPECT_EQ(Trials().size(), 12U);
  }
}

TEST_F(MisjudgedTest, TimesThatNoCandidateTakesAreItsFailure) {
  const auto result =
      Tune(R"(case {a} in 1) echo 0;; 2) echo -1;; 3) echo nan;; 4) echo 1e999;; )"
           R"(5) echo '{{"seconds":1,"metrics":{{"x":1e999}}}}';; *) echo 0.{a};; esac)",
           6);
  ASSERT_TRUE(result.ok()) << result.status().message();
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(Trials()[i].outcome(), kRuntime) << i;
    EXPECT_EQ(Trials()[i].failure->stage, "run.result");
  }
  EXPECT_EQ(BestOf(result), 6U);
}

TEST_F(MisjudgedTest, WhereNothingIsCorrectTheFirstReasonsAreKnown) {
  const auto result = Tune("[ {a} = 1 ] && exit 3; [ {a} = 2 ] && kill -11 $$; exit {a}", 6);
  ASSERT_TRUE(result.ok()) << result.status().message();
  ASSERT_EQ(result->first_failures.size(), 3U);
  EXPECT_EQ(result->first_failures[0].outcome, Outcome::kCorrectness);
  EXPECT_EQ(result->first_failures[1].stage, "run.signal");
}

}  // namespace
}  // namespace foothold
