#include "core/space/automaton.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "foothold/rng.h"

namespace foothold::space {
namespace {

constexpr std::size_t kNoTable = 1;  // entries: enough for the start alone

using Values = std::vector<std::vector<std::int64_t>>;  // by position

std::vector<AutomatonInput> Inputs(const Values& values, const std::vector<std::size_t>& order) {
  std::vector<AutomatonInput> inputs;
  for (const std::size_t position : order) inputs.push_back({position, values[position]});
  return inputs;
}

bool Holds(const Constraint& constraint, const std::vector<std::int64_t>& values) {
  if (!constraint.is_fold()) return constraint.predicate()(values);
  std::int64_t state = constraint.initial();
  for (const std::int64_t value : values) state = constraint.step()(state, value);
  return constraint.accept()(state);
}

/// Walks every combination through `automaton` and compares with `constraint` itself.
void ExpectAgrees(const Constraint& constraint, const Values& values,
                  const std::vector<std::size_t>& order, std::size_t table_limit) {
  Automaton automaton(constraint, Inputs(values, order), table_limit);
  EXPECT_EQ(automaton.is_tabulated(), table_limit != kNoTable);
  std::vector<std::uint32_t> choices(values.size());
  while (true) {
    std::vector<std::int64_t> own(values.size());
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = values[i][choices[i]];
    std::uint32_t state = automaton.start();
    for (std::size_t level = 0; level < order.size() && state != Automaton::kDead; ++level) {
      state = automaton.Step(level, state, choices[order[level]]);
    }
    ASSERT_EQ(state != Automaton::kDead, Holds(constraint, own)) << ::testing::PrintToString(own);
    std::size_t i = 0;
    while (i < choices.size() && ++choices[i] == values[i].size()) choices[i++] = 0;
    if (i == choices.size()) return;
  }
}

/// All orders of reading, with and without a table.
void ExpectAgreesInEveryOrder(const Constraint& constraint, const Values& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    SCOPED_TRACE("order " + ::testing::PrintToString(order));
    ExpectAgrees(constraint, values, order, Automaton::kTableLimit);
    ExpectAgrees(constraint, values, order, kNoTable);
  } while (std::next_permutation(order.begin(), order.end()));
}

const Values kValues = {{1, 2, 3, 4}, {7, 0, 5}, {2, 9}, {1, 3, 5}};
const std::vector<std::string> kNames = {"a", "b", "c", "d"};

TEST(Automaton, ReadsAPredicateInAnyOrder) {
  ExpectAgreesInEveryOrder(Constraint::Where("a*b + c > d*d", kNames,
                                             [](std::span<const std::int64_t> v) {
                                               return v[0] * v[1] + v[2] > v[3] * v[3];
                                             }),
                           kValues);
}

TEST(Automaton, ReadsAFoldWhoseOrderMattersInAnyOrder) {
  ExpectAgreesInEveryOrder(
      Constraint::Fold(
          "digits", kNames, 0, [](std::int64_t s, std::int64_t v) { return 3 * s + v; },
          [](std::int64_t s) { return s % 4 == 1; }),
      kValues);
}

TEST(Automaton, ReadsAProductInAnyOrder) {
  ExpectAgreesInEveryOrder(Constraint::ProductAtMost("product", kNames, 3, 100), kValues);
}

TEST(Automaton, KnowsEarlyThatAProductIsTooLarge) {
  const Constraint constraint = Constraint::ProductAtMost("product", {"a", "b", "c"}, 1, 10);
  const Values values = {{1, 20}, {1, 2, 3}, {1, 11}};
  Automaton automaton(constraint, Inputs(values, {0, 1, 2}));
  EXPECT_EQ(automaton.Step(0, automaton.start(), 1), Automaton::kDead);
}

TEST(Automaton, MergesHistoriesWithTheSameFuture) {
  // Only whether the sum so far is odd matters, although the predicate sees all values.
  const Constraint constraint = Constraint::Where(
      "even sum", {"a", "b", "c"},
      [](std::span<const std::int64_t> v) { return (v[0] + v[1] + v[2]) % 2 == 0; });
  const Values values = {{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}};
  Automaton automaton(constraint, Inputs(values, {0, 1, 2}));
  const std::uint32_t odd = automaton.Step(0, automaton.start(), 0);
  const std::uint32_t even = automaton.Step(0, automaton.start(), 1);
  EXPECT_NE(odd, even);
  EXPECT_EQ(automaton.Step(0, automaton.start(), 2), odd);
  EXPECT_EQ(automaton.Step(1, odd, 0), automaton.Step(1, even, 1));
}

TEST(Automaton, StartsDeadWhenNothingSatisfies) {
  const Constraint never =
      Constraint::Where("never", {"a"}, [](std::span<const std::int64_t>) { return false; });
  const Values values = {{1, 2}};
  EXPECT_EQ(Automaton(never, Inputs(values, {0})).start(), Automaton::kDead);
  EXPECT_NE(Automaton(never, Inputs(values, {0}), kNoTable).start(), Automaton::kDead);
}

TEST(Automaton, DecidesAConstraintOverNothingAtOnce) {
  const auto always = [](std::span<const std::int64_t>) { return true; };
  const auto never = [](std::span<const std::int64_t>) { return false; };
  EXPECT_EQ(Automaton(Constraint::Where("", {}, always), {}).start(), Automaton::kAccepted);
  EXPECT_EQ(Automaton(Constraint::Where("", {}, never), {}).start(), Automaton::kDead);
  EXPECT_EQ(Automaton(Constraint::ProductAtMost("", {}, 1, 0), {}).start(), Automaton::kDead);
  EXPECT_EQ(Automaton(Constraint::ProductAtMost("", {}, 1, 1), {}).start(), Automaton::kAccepted);
}

TEST(Automaton, TabulatesExactlyUpToTheLimit) {
  const Constraint sum = Constraint::Where(
      "sum", {"a", "b"}, [](std::span<const std::int64_t> v) { return v[0] + v[1] < 4; });
  const Values values = {{1, 2, 3}, {1, 2}};
  // Tables of 3 and 3 * 2 entries; a history of 1 and three of 2.
  EXPECT_TRUE(Automaton(sum, Inputs(values, {0, 1}), 16).is_tabulated());
  EXPECT_FALSE(Automaton(sum, Inputs(values, {0, 1}), 15).is_tabulated());
  const Constraint product = Constraint::ProductAtMost("product", {"a", "b"}, 1, 2);
  // The histories 1, 2 and "beyond" of 1 entry each.
  EXPECT_TRUE(Automaton(product, Inputs(values, {0, 1}), 13).is_tabulated());
  EXPECT_FALSE(Automaton(product, Inputs(values, {0, 1}), 12).is_tabulated());
}

/// coefficient * product <= limit over 128 bits, for values whose product fits.
TEST(ProductAtMost, IsExactAtTheEdgesOfTheNumberRange) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  __extension__ using Wide = __int128;
  const std::vector<std::int64_t> factors = {0, 1, 2, 3, 5, 1LL << 31, (1LL << 32) - 1};
  for (const std::int64_t coefficient : {kMin, -7L, -1L, 0L, 1L, 2L, 1L << 40, kMax}) {
    for (const std::int64_t limit : {kMin, -30L, -1L, 0L, 1L, 29L, 30L, 1L << 62, kMax}) {
      const Constraint constraint = Constraint::ProductAtMost("", {"a", "b"}, coefficient, limit);
      for (const std::int64_t a : factors) {
        for (const std::int64_t b : factors) {
          const Wide product = Wide{a} * b;  // < 2^64, and 2^127 with the coefficient
          ASSERT_EQ(Holds(constraint, {a, b}), coefficient * product <= limit)
              << coefficient << " * " << a << " * " << b << " <= " << limit;
        }
      }
    }
  }
}

TEST(ProductAtMost, ManyLargeFactorsStayExact) {
  const std::vector<std::int64_t> huge(30, std::numeric_limits<std::int64_t>::max());
  const std::vector<std::string> names(30, "x");
  const auto most =
      Constraint::ProductAtMost("", names, 1, std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(Holds(most, huge));
  std::vector<std::int64_t> with_zero = huge;
  with_zero.back() = 0;
  EXPECT_TRUE(Holds(most, with_zero));
  std::vector<std::int64_t> ones(30, 1);
  ones[7] = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(Holds(most, ones));
}

}  // namespace
}  // namespace foothold::space
