#include <gtest/gtest.h>

#include "foothold/searcher.h"
#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

/// A target whose space has one constraint, and which knows another one.
class KnowingTask : public TargetTask {
 public:
  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  std::vector<Constraint> KnownConstraints() const override {
    return {Constraint::ProductAtMost("fits", {"a", "b"}, 1, 4)};
  }
  BuildResult Build(const Config&) const override { return {}; }
  RunResult Run(const Program&, const RunOptions&) const override { return {}; }

 private:
  Workload workload_;
  Space space_ = SmallSpace();
};

TEST(Knowledge, KnownConstraintsArePartOfTheSpaceInHardwareOnly) {
  const KnowingTask task;
  for (const Knowledge knowledge : {Knowledge::kBlind, Knowledge::kCompiler}) {
    const SearchProblem problem = MakeSearchProblem(task, 5, knowledge).value();
    EXPECT_EQ(problem.space.valid_count(), 6U);
    EXPECT_EQ(problem.seed, 5U);
    EXPECT_EQ(problem.knowledge, knowledge);
  }
  // Of (1,1), (1,3), (2,2), (2,4), (3,1), (3,3) those with a product of at most 4.
  const SearchProblem problem = MakeSearchProblem(task, 5, Knowledge::kHardware).value();
  EXPECT_EQ(problem.space.valid_count(), 4U);
  EXPECT_EQ(problem.space.parameters(), task.space().parameters());
}

}  // namespace
}  // namespace foothold::search
