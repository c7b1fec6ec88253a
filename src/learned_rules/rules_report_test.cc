#include "learned_rules/rules_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "foothold/targets.h"
#include "learned_rules/testing.h"

namespace foothold {
namespace {

using foothold::testing::Law;
using foothold::testing::RunUnderLaw;
using ::testing::HasSubstr;
using ::testing::Not;

class RulesReportTest : public ::testing::Test {
 protected:
  RulesReportTest() {
    const Law law = [](const auto& v) -> Law::result_type {
      if (v[0] * v[1] > 64) return std::pair("capacity", "needs 9 B of 8 B");
      if (v[2] == 3) return std::pair("mode", "no such mode");
      return {};
    };
    run_ = RunUnderLaw({{"a", {1, 2, 4, 8, 16}}, {"b", {1, 2, 4, 8, 16}}, {"mode", {1, 2, 3}}}, law,
                       400, 1);
  }
  RulesReport Report(const Result<std::vector<Constraint>>& known) {
    const RunLog* const runs[] = {&run_};
    return ReportRules(runs, known);
  }
  RunLog run_;
};

TEST_F(RulesReportTest, SaysWhatIsKnownAndWhatIsNews) {
  const RulesReport report =
      Report(std::vector{Constraint::ProductAtMost("tiles fit", {"a", "b"}, 1, 64)});
  ASSERT_EQ(report.learned.size(), 2u);
  EXPECT_EQ(report.learned[0].breaks_none + report.learned[1].breaks_none,
            std::max(report.learned[0].breaks_none, report.learned[1].breaks_none));
  ASSERT_EQ(report.known.size(), 1u);
  EXPECT_EQ(report.known[0].failed, report.known[0].violated);
  const std::string text = ToText(report);
  EXPECT_THAT(text, HasSubstr("a * b > 64\n"));
  EXPECT_THAT(text, HasSubstr("passes up to 64, fails from 128\n"));
  EXPECT_THAT(text, HasSubstr("known: \"tiles fit\""));
  EXPECT_THAT(text, HasSubstr("mode > 2"));
  EXPECT_THAT(text, HasSubstr("NEWS: "));
  EXPECT_THAT(text, Not(HasSubstr("DISAGREES")));
  EXPECT_THAT(text, Not(HasSubstr("not explained")));
}

TEST_F(RulesReportTest, FlagsAKnownRuleThatIsWrong) {
  const RulesReport report =
      Report(std::vector{Constraint::ProductAtMost("too strict", {"a", "b"}, 1, 32)});
  EXPECT_FALSE(report.known[0].contradictions.empty());
  EXPECT_EQ(report.known[0].failed + report.known[0].contradictions.size(),
            report.known[0].violated);
  EXPECT_THAT(ToText(report), HasSubstr("DISAGREES: "));
  const auto json = nlohmann::json::parse(ToJson(report));
  EXPECT_EQ(json["known"][0]["contradictions"].size(), report.known[0].contradictions.size());
  EXPECT_EQ(json["learned"].size(), 2u);
  EXPECT_EQ(json["learned"][0]["failed"], json["learned"][0]["matched"]);
}

TEST_F(RulesReportTest, SaysWhyNothingIsKnown) {
  const RulesReport report = Report(Status::NotFound("no such target"));
  EXPECT_THAT(ToText(report), HasSubstr("not available: no such target"));
  EXPECT_THAT(ToText(Report(std::vector<Constraint>())), HasSubstr("nothing"));
  const auto other = std::vector{Constraint::ProductAtMost("of another space", {"c"}, 1, 8)};
  EXPECT_THAT(ToText(Report(other)), HasSubstr("not available: "));
}

/// Random trials of a layer on the simulated board, as a tuning run's log has them.
RunLog SimulatedTrials(const TargetTask& task, std::size_t count) {
  RunLog run;
  run.header.target = "vta:pynq:extended";
  run.header.workload = task.workload();
  run.header.parameters = task.space().parameters();
  Rng rng(1);
  for (std::size_t i = 0; i < count; ++i) {
    TrialRecord& trial = run.trials.emplace_back();
    trial.trial = i;
    Measurement& measurement = trial.measurement;
    measurement.config = task.space().Sample(rng);
    const BuildResult build = task.Build(measurement.config);
    Failure failure = build.failure;
    measurement.outcome = failure.outcome;
    if (build.ok()) {
      const RunResult result = task.Run(*build.program, {.verify = false});
      measurement.outcome = result.outcome;
      measurement.seconds = result.seconds;
      failure = result.failure;
    }
    if (measurement.outcome == Outcome::kCorrect) continue;
    measurement.stage = failure.stage;
    measurement.reason = failure.reason;
  }
  return run;
}

// The rules of the scratchpads come out of a log, and hold for configs that are not in it.
TEST(RulesOfVta, AreThoseOfTheHardware) {
  const auto target = *MakeTarget(*Env::Default(), "vta:pynq:extended");
  const auto task = *target->Prepare(FindWorkloads("resnet18.C8")->front());
  const RunLog run = SimulatedTrials(*task, 2000);
  const RunLog* const runs[] = {&run};
  const RulesReport report = ReportRules(runs, task->KnownConstraints());
  const std::string text = ToText(report);
  EXPECT_THAT(text, HasSubstr("  tile_co * tile_ci * co_threads * wgt_buffers > 64\n"));
  EXPECT_THAT(text, HasSubstr("known: \"weight tiles fit the scratchpad\""));
  EXPECT_THAT(text, HasSubstr("  tile_co * co_threads > 16\n"));
  EXPECT_THAT(text, Not(HasSubstr("DISAGREES")));

  Rng rng(77);
  int matched = 0;
  int wrong = 0;
  int failed = 0;
  int explained = 0;
  for (int i = 0; i < 3000; ++i) {
    const Config config = task->space().Sample(rng);
    const auto values = task->space().Values(config);
    const bool matches = std::any_of(report.learned.begin(), report.learned.end(),
                                     [&](const auto& l) { return l.rule.Matches(values); });
    const bool builds = task->Build(config).ok();
    matched += matches ? 1 : 0;
    wrong += matches && builds ? 1 : 0;
    failed += builds ? 0 : 1;
    explained += matches && !builds ? 1 : 0;
  }
  EXPECT_GT(explained, 0.9 * failed) << explained << " of " << failed;
  EXPECT_LT(wrong, 0.005 * matched) << wrong << " of " << matched;
}

}  // namespace
}  // namespace foothold
