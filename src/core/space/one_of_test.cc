// Constraint::OneOf: spaces that are known as a list.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <set>

#include "foothold/space.h"

namespace foothold::space {
namespace {

using Row = std::vector<std::int64_t>;

/// `count` different rows of the parameters' values.
std::set<Row> RandomRows(const std::vector<Parameter>& parameters, std::size_t count, Rng& rng) {
  std::set<Row> rows;
  while (rows.size() < count) {
    Row row;
    for (const Parameter& parameter : parameters) {
      row.push_back(parameter.values[rng.Below(parameter.values.size())]);
    }
    rows.insert(std::move(row));
  }
  return rows;
}

std::vector<std::string> NamesOf(const std::vector<Parameter>& parameters) {
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters) names.push_back(parameter.name);
  return names;
}

Space MustCreate(const std::vector<Parameter>& parameters, const std::set<Row>& rows) {
  auto space = Space::Create(parameters, {Constraint::OneOf("was recorded", NamesOf(parameters),
                                                            {rows.begin(), rows.end()})});
  EXPECT_TRUE(space.ok()) << space.status().message();
  return *space;
}

TEST(OneOf, HoldsTheRowsAndNothingElse) {
  const std::vector<Parameter> parameters = {
      {"a", {3, -1, 2, 8}}, {"one", {5}}, {"b", {0, 1}}, {"c", {1, 2, 4, 8, 16}}};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    const std::set<Row> rows = RandomRows(parameters, 1 + rng.Below(40), rng);
    const Space space = MustCreate(parameters, rows);
    EXPECT_EQ(space.valid_count(), rows.size());
    for (std::uint64_t index = 0; index < space.raw_size(); ++index) {
      const Config config = space.AtIndex(index);
      const bool is_row = rows.contains(space.Values(config));
      EXPECT_EQ(space.IsValid(config), is_row);
      EXPECT_EQ(space.FirstBroken(config) == nullptr, is_row);
      if (is_row) {
        EXPECT_EQ(space.Unrank(*space.Rank(config)), config);
      }
      for (const Config& neighbour : space.Neighbours(config)) {
        EXPECT_TRUE(rows.contains(space.Values(neighbour)));
      }
    }
  }
}

TEST(OneOf, WithoutRowsNothingIsValid) {
  EXPECT_EQ(MustCreate({{"a", {1, 2}}}, {}).valid_count(), 0u);
}

TEST(OneOf, JoinsOtherConstraints) {
  const std::vector<Parameter> parameters = {{"a", {1, 2, 3}}, {"b", {1, 2, 3}}};
  const Space space =
      Space::Create(parameters, {Constraint::OneOf("list", {"b", "a"}, {{1, 2}, {3, 3}, {2, 1}}),
                                 Constraint::ProductAtMost("small", {"a", "b"}, 1, 4)})
          .value();
  EXPECT_EQ(space.valid_count(), 2u);
  EXPECT_TRUE(space.IsValid(*space.FromValues(Row{2, 1})));
  EXPECT_TRUE(space.IsValid(*space.FromValues(Row{1, 2})));
}

// Sparse in a product that no table could hold: memory goes with the rows.
TEST(OneOf, IsSmallInALargeProduct) {
  std::vector<Parameter> parameters;
  for (int i = 0; i < 15; ++i) {
    Parameter parameter{fmt::format("p{}", i), {}};
    const std::int64_t values = i % 5 == 0 ? 1 : 2 + i % 4 * 7;
    for (std::int64_t value = 0; value < values; ++value) parameter.values.push_back(value);
    parameters.push_back(std::move(parameter));
  }
  Rng rng(7);
  const std::set<Row> rows = RandomRows(parameters, 5000, rng);
  const Space space = MustCreate(parameters, rows);
  EXPECT_GT(space.raw_size(), std::uint64_t{1} << 32);
  EXPECT_EQ(space.valid_count(), 5000u);
  for (const Row& row : rows) EXPECT_TRUE(space.IsValid(*space.FromValues(row)));
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(rows.contains(space.Values(space.Sample(rng))));
}

}  // namespace
}  // namespace foothold::space
