#include "report/rules/rules_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "report/rules/testing.h"

namespace foothold::report {
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
  const auto json = ToJson(report);
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

}  // namespace
}  // namespace foothold::report
