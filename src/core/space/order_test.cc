#include "core/space/order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace foothold::space {
namespace {

ConstraintShape Predicate(std::vector<std::size_t> parameters) {
  return {std::move(parameters), false, false};
}

TEST(ChooseOrder, KeepsTheDeclaredOrderWhenNothingSpeaksAgainstIt) {
  const std::vector<std::size_t> sizes = {4, 3, 5};
  const std::vector<std::size_t> declared = {0, 1, 2};
  EXPECT_EQ(ChooseOrder(sizes, {}), declared);
  const std::vector<ConstraintShape> chain = {Predicate({0, 1}), Predicate({1, 2})};
  EXPECT_EQ(ChooseOrder(std::vector<std::size_t>{4, 4, 4}, chain), declared);
  EXPECT_TRUE(ChooseOrder({}, {}).empty());
}

TEST(ChooseOrder, BringsTheParametersOfAConstraintTogether) {
  // Declared, all of 0, 1 and 2 would be remembered until their partners 3, 4 and 5 come.
  const std::vector<std::size_t> sizes(6, 10);
  const std::vector<ConstraintShape> pairs = {Predicate({0, 3}), Predicate({1, 4}),
                                              Predicate({2, 5})};
  const std::vector<std::size_t> order = ChooseOrder(sizes, pairs);
  for (std::size_t i = 0; i < 6; i += 2) {
    EXPECT_EQ(std::max(order[i], order[i + 1]) - std::min(order[i], order[i + 1]), 3U);
  }
}

TEST(ChooseOrder, ReadsAFoldInItsOwnOrder) {
  // Backwards, no value could be folded before the last is known.
  const std::vector<std::size_t> sizes(5, 10);
  const std::vector<ConstraintShape> fold = {{{4, 3, 2, 1, 0}, true, false}};
  EXPECT_EQ(ChooseOrder(sizes, fold), (std::vector<std::size_t>{4, 3, 2, 1, 0}));
}

TEST(ChooseOrder, IsAPermutationOfAny) {
  std::vector<std::size_t> sizes(20);
  std::iota(sizes.begin(), sizes.end(), std::size_t{1});
  std::vector<ConstraintShape> constraints;
  for (std::size_t i = 0; i < 20; ++i) constraints.push_back(Predicate({i, (i * 7 + 3) % 20}));
  std::vector<std::size_t> order = ChooseOrder(sizes, constraints);
  EXPECT_EQ(order, ChooseOrder(sizes, constraints));
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(order[i], i);
}

}  // namespace
}  // namespace foothold::space
