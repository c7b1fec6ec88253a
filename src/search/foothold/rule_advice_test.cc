#include "search/foothold/rule_advice.h"

#include <gtest/gtest.h>

#include "rule_learning/testing.h"

namespace foothold {
namespace {

using foothold::testing::JudgedByLaw;
using foothold::testing::Law;
using foothold::testing::TrialsUnderLaw;

std::vector<Parameter> Tiles() {
  return {{"h", {1, 2, 4, 8, 16, 32}}, {"w", {1, 2, 4, 8, 16, 32}}, {"order", {0, 1}}};
}
const Law kCapacity = [](const auto& v) -> Law::result_type {
  if (v[0] * v[1] > 64) return std::pair("capacity", "needs 3 B of 2 B");
  return {};
};

struct Advised {
  double small = 0.1;  ///< of a config that the rule allows
  double large = 0.1;  ///< of one that it forbids
  double sure = 0.7;   ///< of one that it allows, and that was likely anyway
};
Advised AdviceOf(RuleAdvice& advice) {
  const std::vector<Config> configs = {{{5, 0, 0}}, {{5, 5, 0}}, {{0, 0, 1}}};
  std::vector<double> probabilities = {0.1, 0.1, 0.7};
  advice.Revise(configs, probabilities);
  return {probabilities[0], probabilities[1], probabilities[2]};
}

TEST(RuleAdvice, SaysNothingBeforeAnyRuleIsLearned) {
  RuleAdvice advice(Space::Create(Tiles()).value());
  EXPECT_EQ(AdviceOf(advice).small, 0.1);
}

TEST(RuleAdvice, RaisesWhatNoRuleForbidsAndLowersWhatOneDoes) {
  RuleAdvice advice(Space::Create(Tiles()).value());
  for (const Measurement& trial : TrialsUnderLaw(Tiles(), kCapacity, 60, 1)) advice.Observe(trial);
  const Advised advised = AdviceOf(advice);
  EXPECT_EQ(advised.small, 0.5) << "nothing is known of the rules' worth";
  EXPECT_DOUBLE_EQ(advised.large, 0.09);
  EXPECT_EQ(advised.sure, 0.7);
}

TEST(RuleAdvice, IsBelievedAsFarAsItProvedRight) {
  const Space space = Space::Create(Tiles()).value();
  RuleAdvice right(space), wrong(space);
  for (const Measurement& trial : TrialsUnderLaw(Tiles(), kCapacity, 60, 1)) {
    right.Observe(trial);
    wrong.Observe(trial);
  }
  const Law all_fail = [](const auto&) -> Law::result_type { return std::pair("board", "gone"); };
  for (int i = 0; i < 3; ++i) {
    AdviceOf(right);
    AdviceOf(wrong);
    right.Observe(JudgedByLaw(space, {{5, 0, 0}}, kCapacity));
    wrong.Observe(JudgedByLaw(space, {{5, 0, 0}}, all_fail));
  }
  EXPECT_GT(AdviceOf(right).small, 0.7);
  EXPECT_LT(AdviceOf(wrong).small, 0.3);
}

}  // namespace
}  // namespace foothold
