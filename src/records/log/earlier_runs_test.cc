#include <gtest/gtest.h>

#include "foothold/record.h"
#include "records/log/testing.h"

namespace foothold::records {
namespace {

using testing::CorrectTrial;
using testing::FailedTrial;
using testing::SomeBuild;
using testing::SomeRun;

TEST(EarlierRuns, HoldWhatWasMeasuredAndBuilt) {
  LogContents log;
  log.runs.resize(2);
  log.runs[1].header = SomeRun();  // nothing came of it
  RunLog& run = log.runs[0];
  run.header = SomeRun();
  run.trials = {CorrectTrial(0, {{0, 1}}), FailedTrial(1, {{2, 0}}, Outcome::kTimeout)};
  run.builds = {SomeBuild(0, {{2, 1}}, true)};
  run.unfinished = {{2, {{1, 1}}}};

  const std::vector<EarlierRun> earlier = EarlierRunsOf(log);
  ASSERT_EQ(earlier.size(), 1u);
  EXPECT_EQ(earlier[0].target, run.header.target);
  EXPECT_EQ(earlier[0].workload, run.header.workload);
  EXPECT_EQ(earlier[0].parameters, run.header.parameters);
  EXPECT_EQ(earlier[0].device_numbers.at("acc_bytes"), 131072);
  ASSERT_EQ(earlier[0].trials.size(), 2u);
  EXPECT_EQ(earlier[0].trials[1].outcome(), Outcome::kTimeout);
  ASSERT_EQ(earlier[0].builds.size(), 1u);
  EXPECT_TRUE(earlier[0].builds[0].ok());
}

}  // namespace
}  // namespace foothold::records
