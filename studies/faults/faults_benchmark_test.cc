#include "studies/faults/faults_benchmark.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"

namespace foothold {
namespace {

TEST(FaultsBenchmark, EveryKindEndsRight) {
  const auto rows = RunFaultsBenchmark(*Env::Default(), {.program = FOOTHOLD_MISBEHAVE, .runs = 1});
  ASSERT_TRUE(rows.ok()) << rows.status().message();
  ASSERT_EQ(rows->size(), FaultKinds().size() - 1);
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const FaultsBenchmarkRow& row = (*rows)[i];
    SCOPED_TRACE(row.kind + ": " + row.error);
    const FaultKind& kind = FaultKinds()[i + 1];
    EXPECT_EQ(row.kind, kind.name);
    EXPECT_TRUE(row.all_right());
    EXPECT_EQ(row.faults, 3);
    for (const auto& [becomes, count] : row.becomes) {
      EXPECT_EQ(becomes.rfind(ToString(kind.outcome), 0), 0U) << becomes;
    }
  }
}

TEST(FaultsBenchmark, AProgramThatIsNotThereIsAnError) {
  const auto rows = RunFaultsBenchmark(*Env::Default(), {.program = "/no/such/program"});
  ASSERT_FALSE(rows.ok());
  EXPECT_NE(rows.status().message().find("/no/such/program"), std::string::npos);
}

TEST(FaultsBenchmark, ARunThatFailsIsNotRight) {
  FaultsBenchmarkRow row{"crash", 3, 2, 9, 0.25, {{"runtime, run.signal", 8}, {"timeout", 1}}, ""};
  EXPECT_FALSE(row.all_right());
  const std::string text = ToText({row});
  EXPECT_NE(text.find("2 of 3"), std::string::npos);
  EXPECT_NE(text.find("0.250  8 x runtime, run.signal; 1 x timeout"), std::string::npos) << text;
  const auto json = Json::Parse(ToJson({row})).value();
  EXPECT_EQ(json.at(0).at("right"), 2);
  EXPECT_TRUE(json.at(0).at("error").is_null());
  row.error = "disk full";
  EXPECT_NE(ToText({row}).find("error: disk full"), std::string::npos);
}

}  // namespace
}  // namespace foothold
