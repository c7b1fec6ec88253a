#include "report/page/rules.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "report/page/testing.h"

namespace foothold::report {
namespace {

/// All configs of 8 x 4 values: those with a * b > 16 do not fit, those with mode 3 are refused.
RunLog PlantedRun() {
  RunLog run = testing::EmptyRun();
  run.header.parameters = {
      {"a", {1, 2, 4, 8}}, {"b", {1, 2, 4, 8}}, {"mode", {1, 2, 3}}, {"c", {1, 2, 3, 4}}};
  for (std::size_t index = 0; index < 4 * 4 * 3 * 4; ++index) {
    const Config config{
        {static_cast<std::uint32_t>(index % 4), static_cast<std::uint32_t>(index / 4 % 4),
         static_cast<std::uint32_t>(index / 16 % 3), static_cast<std::uint32_t>(index / 48)}};
    const bool is_large = config.choices[0] + config.choices[1] > 4;
    const std::string reason = is_large ? "needs " + std::to_string(index) + " B of 16 B" : "mode";
    if (is_large || config.choices[2] == 2) {
      testing::AddFailed(run, config, reason);
    } else {
      testing::AddCorrect(run, config, 1.0);
    }
  }
  return run;
}

base::Json RulesOfPlanted(const Result<std::vector<Constraint>>& known, std::size_t limit = 30) {
  const RunLog run = PlantedRun();
  const RunLog* const runs[] = {&run};
  return RulesJson(ReportRules(runs, known), limit);
}

TEST(Rules, AreATreeOfWaysToFail) {
  const auto json = RulesOfPlanted(std::vector<Constraint>());
  // 16 pairs of a and b, of which 3 are too large; times 12.
  EXPECT_EQ(json["failed"], 3 * 12 + 13 * 4);
  EXPECT_EQ(json["explained"], json["failed"]);
  ASSERT_EQ(json["failures"].size(), 2U);
  EXPECT_EQ(json["failures"][0]["failure"], "compile at lower: mode");
  EXPECT_EQ(json["failures"][0]["configs"], 52);
  EXPECT_EQ(json["failures"][0]["rules"][0]["rule"], "mode > 2");
  EXPECT_EQ(json["failures"][0]["rules"][0]["counts"], "64 of 64 failed, 52 of them so");
  EXPECT_EQ(json["failures"][1]["failure"], "compile at lower: needs N B of N B");
  EXPECT_EQ(json["failures"][1]["rules"][0]["rule"], "a * b > 16");
  EXPECT_EQ(json["failures"][1]["rules"][0]["limit"], "passes up to 16, fails from 32");
  EXPECT_EQ(json["news"], 0);  // a target that knows nothing: everything would be
}

TEST(Rules, ShowWhereKnownAndLearnedDisagree) {
  const auto json =
      RulesOfPlanted(std::vector{Constraint::ProductAtMost("never broken", {"a", "b"}, 1, 64),
                                 Constraint::ProductAtMost("too strict", {"a", "b"}, 1, 8)});
  EXPECT_EQ(json["news"], 1);  // the mode
  EXPECT_EQ(json["disagreements"], 1);
  ASSERT_EQ(json["known"].size(), 2U);
  // 6 pairs are above 8, 3 of them fit: with mode 1 or 2, and any c, they are correct.
  EXPECT_EQ(json["known"][0]["rule"], "too strict");
  EXPECT_EQ(json["known"][0]["broken"], 6 * 12);
  EXPECT_EQ(json["known"][0]["disagreements"], 3 * 8);
  EXPECT_EQ(json["known"][0]["example"], "a=8 b=2 mode=1 c=1");
  EXPECT_EQ(json["known"][1]["broken"], 0);
  EXPECT_TRUE(json["known"][1]["example"].is_null());
}

TEST(Rules, SayWhatWasLeftOut) {
  const auto json =
      RulesOfPlanted(std::vector{Constraint::ProductAtMost("never broken", {"a", "b"}, 1, 64),
                                 Constraint::ProductAtMost("too strict", {"a", "b"}, 1, 8)},
                     1);
  EXPECT_EQ(json["learned"], 2);
  EXPECT_EQ(json["failures"].size(), 1U);
  EXPECT_EQ(json["left_out"]["learned"], 1);
  EXPECT_EQ(json["known"].size(), 1U);
  EXPECT_EQ(json["known"][0]["rule"], "too strict");
  EXPECT_EQ(json["left_out"]["known"], 1);
}

TEST(Rules, AreNotThereWhereNothingFailed) {
  RunLog run = testing::EmptyRun();
  testing::AddCorrect(run, {{0, 0, 0}}, 1.0);
  const RunLog* const runs[] = {&run};
  EXPECT_TRUE(RulesJson(ReportRules(runs, std::vector<Constraint>()), 30).is_null());
  EXPECT_TRUE(RulesJson(ReportRules(runs, Status::NotFound("gone")), 30).is_null());
}

}  // namespace
}  // namespace foothold::report
