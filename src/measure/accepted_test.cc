#include "measure/accepted.h"

#include <gtest/gtest.h>

namespace foothold::measure {
namespace {

struct SomeProgram : Program {
  const Metrics& metrics() const override { return none; }
  Metrics none;
};

Accepted Candidate(double seconds) {
  return {Config{{0}}, std::make_shared<SomeProgram>(), {seconds}, 1, 1};
}

TEST(AcceptedCandidates, KeepsTheFastestFewAndSaysWhichIsBest) {
  AcceptedCandidates accepted;
  EXPECT_EQ(accepted.best(), nullptr);
  EXPECT_TRUE(accepted.Add(Candidate(5)));
  EXPECT_FALSE(accepted.Add(Candidate(5))) << "not faster";
  EXPECT_TRUE(accepted.Add(Candidate(3)));
  EXPECT_FALSE(accepted.Add(Candidate(4)));
  EXPECT_FALSE(accepted.Add(Candidate(9)));
  ASSERT_EQ(accepted.fastest().size(), AcceptedCandidates::kMost);
  EXPECT_EQ(accepted.fastest()[0].MedianSeconds(), 3);
  EXPECT_EQ(accepted.fastest()[1].MedianSeconds(), 4);
  EXPECT_EQ(accepted.fastest()[2].MedianSeconds(), 5);
}

TEST(AcceptedCandidates, IsTheMedianOfAllItsRuns) {
  Accepted candidate = Candidate(1);
  candidate.run_seconds = {1, 9, 8};
  EXPECT_EQ(candidate.MedianSeconds(), 8);
}

TEST(AcceptedCandidates, TakesBackWhatTurnedOutNotToBeGood) {
  AcceptedCandidates accepted;
  accepted.Add(Candidate(5));
  const Accepted bad = Candidate(1);
  accepted.Add(bad);
  accepted.Remove(bad.program.get());
  ASSERT_NE(accepted.best(), nullptr);
  EXPECT_EQ(accepted.best()->MedianSeconds(), 5);
}

TEST(AcceptedCandidates, AFreshBuildTakesThePlaceOfAStaleOne) {
  AcceptedCandidates accepted;
  const Accepted stale = Candidate(5);
  accepted.Add(stale);
  const auto fresh = std::make_shared<SomeProgram>();
  accepted.Replace(stale.program.get(), fresh);
  accepted.CountRun(stale.program.get());
  EXPECT_EQ(accepted.best()->correct_runs, 1U) << "it is gone";
  accepted.CountRun(fresh.get());
  EXPECT_EQ(accepted.best()->correct_runs, 2U);
  EXPECT_EQ(accepted.best()->program, fresh);
}

}  // namespace
}  // namespace foothold::measure
