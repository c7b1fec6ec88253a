#include "foothold/targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::targets {
namespace {

using ::testing::HasSubstr;

TEST(TargetsTest, EveryListedTargetCanBeMade) {
  const auto targets = ListTargets();
  ASSERT_GE(targets.size(), 5U);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (i > 0) {
      EXPECT_LT(targets[i - 1].name, targets[i].name);
    }
    const auto target = MakeTarget(*Env::Default(), targets[i].name);
    ASSERT_TRUE(target.ok()) << target.status().message();
    EXPECT_EQ((*target)->name(), targets[i].name);
    EXPECT_FALSE(targets[i].description.empty());
  }
}

// Run under AddressSanitizer it shows what a constraint borrows from a task that is gone.
TEST(TargetsTest, ConstraintsOutliveTheirTask) {
  const Workload workload = ParseInlineWorkload("dense:1x64,64").value();
  for (const TargetInfo& info : ListTargets()) {
    auto target = MakeTarget(*Env::Default(), info.name).value();
    auto task = target->Prepare(workload);
    if (!task.ok()) continue;  // there may be no C compiler
    std::vector<Constraint> constraints = (*task)->KnownConstraints();
    for (const Constraint& own : (*task)->space().constraints()) constraints.push_back(own);
    const std::vector<Parameter> parameters = (*task)->space().parameters();
    const std::uint64_t most = (*task)->space().valid_count();
    *task = nullptr;
    target = nullptr;
    EXPECT_LE(Space::Create(parameters, constraints)->valid_count(), most) << info.name;
  }
}

TEST(TargetsTest, EveryTargetSaysWhatItDependsOn) {
  const Workload workload = ParseInlineWorkload("dense:1x64,64").value();
  for (const TargetInfo& info : ListTargets()) {
    const auto task = MakeTarget(*Env::Default(), info.name).value()->Prepare(workload);
    if (!task.ok()) continue;
    const Dependencies dependencies = (*task)->DependsOn(*Env::Default()).value();
    EXPECT_GE(dependencies.size(), 3U) << info.name;
    EXPECT_FALSE(dependencies.contains("the program"))
        << info.name << ": a built-in target knows better than to depend on all of Foothold";
  }
}

TEST(TargetsTest, AnUnknownTargetNamesTheKnownOnes) {
  EXPECT_THAT(MakeTarget(*Env::Default(), "vta:pink").status().message(), HasSubstr("pynq"));
  EXPECT_THAT(MakeTarget(*Env::Default(), "gpu").status().message(), HasSubstr("vta:pynq"));
  EXPECT_EQ(MakeTarget(*Env::Default(), "gpu").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(MakeTarget(*Env::Default(), "replay:/nowhere").status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace foothold::targets
