#include "records/log/objective_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::records {
namespace {

using ::testing::HasSubstr;

Result<Objective> Parsed(const std::string& json) {
  return ParseObjective(*base::JsonNode::Parse(json, "f"));
}

TEST(ObjectiveJsonTest, GoesThereAndBack) {
  const Objective objective{"accuracy", "%", true};
  EXPECT_EQ(ToJson(objective).Dump(), R"({"name":"accuracy","unit":"%","goal":"maximise"})");
  EXPECT_EQ(Parsed(ToJson(objective).Dump()).value(), objective);
  EXPECT_EQ(Parsed(R"({"name":"loss","unit":"","goal":"minimise"})").value(),
            (Objective{"loss", "", false}));
}

TEST(ObjectiveJsonTest, ComplaintsNameTheField) {
  const auto problem = [](const std::string& json) { return Parsed(json).status().message(); };
  EXPECT_THAT(problem(R"({"name":"","unit":"","goal":"minimise"})"), HasSubstr("name: is empty"));
  EXPECT_THAT(problem(R"({"name":"a","unit":"","goal":"best"})"),
              HasSubstr(R"(goal: is "best", must be "minimise" or "maximise")"));
  EXPECT_THAT(problem(R"({"name":"a","goal":"minimise"})"), HasSubstr("unit: is missing"));
  EXPECT_THAT(problem(R"({"name":"a","unit":"","goal":"minimise","x":1})"), HasSubstr("x"));
}

}  // namespace
}  // namespace foothold::records
