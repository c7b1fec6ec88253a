#include "targets/vta/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest()
      : task_(MakeVtaTarget(*FindMachine(*Env::Default(), "pynq"))
                  ->Prepare({"c", Conv2d{1, 64, 28, 28, 64, 3, 3, 1, 1, 1, 1}, {}})
                  .value()) {}

  Config ConfigOf(std::vector<std::int64_t> values) { return *task_->space().FromValues(values); }
  const VtaTask& task() const { return static_cast<const VtaTask&>(*task_); }

  std::unique_ptr<TargetTask> task_;
};

TEST_F(ExplainTest, AnInvalidConfigNamesStageAndReason) {
  const Explanation e = ExplainConfig(task(), ConfigOf({1, 28, 28, 4, 4, 1, 1}));
  ASSERT_TRUE(e.failure.has_value());
  EXPECT_THAT(ToText(e), HasSubstr("lower.capacity: input scratchpad: needs 57,600 B of 32,768 B"));
  const auto json = Json::Parse(ToJson(e)).value();
  EXPECT_EQ(json.at("outcome"), "compile");
}

TEST_F(ExplainTest, AComputeBoundConfigIsBoundByGemm) {
  const Explanation e = ExplainConfig(task(), ConfigOf({1, 14, 28, 1, 2, 1, 2}));
  ASSERT_FALSE(e.failure.has_value()) << e.failure->reason;
  EXPECT_EQ(e.bound, "GEMM");
  EXPECT_GT(e.share_of_roofline, 0.3);
  EXPECT_LE(e.share_of_roofline, 1.0);
}

TEST_F(ExplainTest, ReloadingWeightsForEveryRowIsBoundByWeightLoads) {
  const Explanation e = ExplainConfig(task(), ConfigOf({1, 1, 1, 1, 4, 1, 1}));
  ASSERT_FALSE(e.failure.has_value()) << e.failure->reason;
  EXPECT_EQ(e.bound, "weight loads");
}

TEST_F(ExplainTest, SharesAddUpToTheUnitsBusyCycles) {
  const Explanation e = ExplainConfig(task(), ConfigOf({1, 14, 28, 1, 2, 1, 2}));
  std::map<std::string, std::int64_t> busy;
  for (const auto& share : e.shares) busy[share.unit] += share.cycles;
  EXPECT_EQ(busy.at("load"), e.stalls.of(Unit::kLoad).busy);
  EXPECT_EQ(busy.at("compute"), e.stalls.of(Unit::kCompute).busy);
  EXPECT_EQ(busy.at("store"), e.stalls.of(Unit::kStore).busy);
}

}  // namespace
}  // namespace foothold::vta
