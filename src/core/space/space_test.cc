#include "foothold/space.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace foothold::space {
namespace {

using ::testing::HasSubstr;

std::vector<std::int64_t> Range(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> values;
  for (std::int64_t value = first; value <= last; ++value) values.push_back(value);
  return values;
}

std::string Name(std::size_t i) { return fmt::format("p{}", i); }

std::vector<Parameter> Uniform(std::size_t count, std::int64_t values) {
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < count; ++i) parameters.push_back({Name(i), Range(1, values)});
  return parameters;
}

Constraint LessThan(const std::string& a, const std::string& b) {
  return Constraint::Where(a + " < " + b, {a, b},
                           [](std::span<const std::int64_t> v) { return v[0] < v[1]; });
}

/// tile_h x tile_w x threads, with a product bound and a divisibility rule.
Space SmallSpace() {
  return *Space::Create(
      {{"tile_h", {1, 2, 7, 14}}, {"tile_w", {1, 2, 7, 14}}, {"threads", {1, 2}}},
      {Constraint::ProductAtMost("tile fits", {"tile_h", "tile_w"}, 1, 49),
       Constraint::Where("threads divide tile_h", {"threads", "tile_h"},
                         [](std::span<const std::int64_t> v) { return v[1] % v[0] == 0; })});
}

std::string CreateError(std::vector<Parameter> parameters, std::vector<Constraint> constraints = {},
                        std::size_t max_nodes = 4'000'000) {
  const auto space = Space::Create(std::move(parameters), std::move(constraints), max_nodes);
  EXPECT_EQ(space.status().code(), StatusCode::kInvalidArgument);
  return space.status().message();
}

TEST(Space, CountsASmallSpaceByHand) {
  const Space space = SmallSpace();
  EXPECT_EQ(space.raw_size(), 32U);
  // Pairs of tiles with product <= 49: 4 with h=1, 4 with h=2, 3 with h=7, 2 with h=14.
  // Two threads allow h = 2 and h = 14 only: 13 + 6.
  EXPECT_EQ(space.valid_count(), 19U);
}

TEST(Space, WritesValuesAndNames) {
  const Space space = SmallSpace();
  const Config config{{2, 1, 0}};
  EXPECT_EQ(space.ToString(config), "tile_h=7 tile_w=2 threads=1");
  EXPECT_EQ(space.Values(config), (std::vector<std::int64_t>{7, 2, 1}));
  EXPECT_EQ(space.Value(config, "tile_w"), 2);
  EXPECT_EQ(*space.FromValues(space.Values(config)), config);
  EXPECT_EQ(space.FromValues(std::vector<std::int64_t>{7, 3, 1}).status().message(),
            "config: tile_w=3 is not in the space; the values of 'tile_w' are 1, 2, 7, 14");
  EXPECT_THAT(space.FromValues(std::vector<std::int64_t>{7}).status().message(),
              HasSubstr("has 1 values, must have 3"));
}

TEST(Space, NamesTheFirstBrokenConstraint) {
  const Space space = SmallSpace();
  EXPECT_EQ(space.FirstBroken(Config{{0, 0, 0}}), nullptr);
  EXPECT_EQ(space.FirstBroken(Config{{0, 0, 1}})->description(), "threads divide tile_h");
  EXPECT_EQ(space.FirstBroken(Config{{2, 3, 1}})->description(), "tile fits");  // breaks both
}

TEST(Space, ContainsChecksShapeAndRange) {
  const Space space = SmallSpace();
  EXPECT_TRUE(space.Contains(Config{{3, 3, 1}}));
  EXPECT_FALSE(space.Contains(Config{{3, 3, 2}}));
  EXPECT_FALSE(space.Contains(Config{{3, 3}}));
  EXPECT_FALSE(space.Contains(Config{{3, 3, 1, 0}}));
}

TEST(Space, MapsIndicesAsAutoTvmDoes) {
  // The worked example of the AutoTVM log format: dims 1, 8, 8, 4, 4, 2, 2 and entity choices
  // 0, 3, 5, 3, 0, 1, 0 have index 3*1 + 5*8 + 3*64 + 0*256 + 1*1024 = 1259.
  std::vector<Parameter> parameters;
  for (const std::int64_t dim : {1, 8, 8, 4, 4, 2, 2}) {
    parameters.push_back({Name(parameters.size()), Range(1, dim)});
  }
  const Space space = *Space::Create(parameters);
  const Config config{{0, 3, 5, 3, 0, 1, 0}};
  EXPECT_EQ(space.IndexOf(config), 1259U);
  EXPECT_EQ(space.AtIndex(1259), config);
  EXPECT_EQ(space.AtIndex(1).choices, (std::vector<std::uint32_t>{0, 1, 0, 0, 0, 0, 0}));
}

TEST(Space, NeighboursComeInParameterOrderLowerFirst) {
  const Space space = *Space::Create({{"a", {1, 2, 3}}, {"b", {1, 2, 3}}});
  const std::vector<Config> expected = {{{0, 1}}, {{2, 1}}, {{1, 0}}, {{1, 2}}};
  EXPECT_EQ(space.Neighbours(Config{{1, 1}}), expected);
  EXPECT_EQ(space.Neighbours(Config{{0, 0}}), (std::vector<Config>{{{1, 0}}, {{0, 1}}}));
}

TEST(Space, NeighboursOfAnInvalidConfigAreItsValidOnes) {
  const Space space = *Space::Create(Uniform(2, 3), {LessThan("p0", "p1")});
  EXPECT_EQ(space.Neighbours(Config{{1, 1}}), (std::vector<Config>{{{0, 1}}, {{1, 2}}}));
}

TEST(Space, HandlesNoParametersAndNoConstraints) {
  const Space nothing = *Space::Create({});
  EXPECT_EQ(nothing.raw_size(), 1U);
  EXPECT_EQ(nothing.valid_count(), 1U);
  EXPECT_EQ(nothing.Unrank(0), Config{});
  EXPECT_EQ(nothing.Rank(Config{}), 0U);
  EXPECT_EQ(nothing.AtIndex(0), Config{});
  EXPECT_TRUE(nothing.Neighbours(Config{}).empty());
  const Space single = *Space::Create({{"a", {5}}});
  EXPECT_EQ(single.valid_count(), 1U);
  EXPECT_EQ(single.ToString(single.Unrank(0)), "a=5");
}

TEST(Space, HandlesConstraintsOverNothing) {
  const auto constant = [](bool holds) {
    return Constraint::Where("constant", {},
                             [holds](std::span<const std::int64_t>) { return holds; });
  };
  EXPECT_EQ(Space::Create(Uniform(2, 3), {constant(true)})->valid_count(), 9U);
  const Space none = *Space::Create(Uniform(2, 3), {constant(false)});
  EXPECT_EQ(none.valid_count(), 0U);
  EXPECT_EQ(none.FirstBroken(Config{{0, 0}})->description(), "constant");
}

TEST(Space, AnAllInvalidSpaceIsNoError) {
  // Each constraint can be satisfied, the two together cannot.
  const Space space = *Space::Create(Uniform(3, 10), {LessThan("p0", "p1"), LessThan("p1", "p0")});
  EXPECT_EQ(space.raw_size(), 1000U);
  EXPECT_EQ(space.valid_count(), 0U);
  EXPECT_EQ(space.diagram_nodes(), 0U);
  EXPECT_FALSE(space.IsValid(Config{{0, 1, 0}}));
  EXPECT_FALSE(space.Rank(Config{{0, 1, 0}}).has_value());
  EXPECT_TRUE(space.Neighbours(Config{{0, 1, 0}}).empty());
}

TEST(Space, CountsUpToTwoToTheSixtyThree) {
  const Space space = *Space::Create(Uniform(63, 2));
  const std::uint64_t size = std::uint64_t{1} << 63;
  EXPECT_EQ(space.raw_size(), size);
  EXPECT_EQ(space.valid_count(), size);
  const Config last = space.Unrank(size - 1);
  EXPECT_EQ(space.Rank(last), size - 1);
  EXPECT_EQ(space.AtIndex(size - 1).choices, std::vector<std::uint32_t>(63, 1));
  EXPECT_EQ(space.IndexOf(space.AtIndex(size - 1)), size - 1);
  EXPECT_EQ(space.AtIndex(0).choices, std::vector<std::uint32_t>(63, 0));
  EXPECT_THAT(CreateError(Uniform(64, 2)), HasSubstr("exceeds 2^63 at parameter 'p63'"));
  EXPECT_THAT(CreateError(Uniform(200, 10)), HasSubstr("exceeds 2^63 at parameter 'p18'"));
}

TEST(Space, CountsTwelveDigitsLargeSpacesExactly) {
  // Ascending choices of 12 out of 24 values would be 2,704,156; non-adjacent binary digits follow
  // the Fibonacci numbers: both known without counting here.
  std::vector<Constraint> ascending;
  for (std::size_t i = 1; i < 12; ++i) ascending.push_back(LessThan(Name(i - 1), Name(i)));
  EXPECT_EQ(Space::Create(Uniform(12, 24), ascending)->valid_count(), 2'704'156U);
  std::vector<Constraint> apart;
  for (std::size_t i = 1; i < 63; ++i) {
    apart.push_back(Constraint::ProductAtMost("apart", {Name(i - 1), Name(i)}, 1, 2));
  }
  EXPECT_EQ(Space::Create(Uniform(63, 2), apart)->valid_count(), 17'167'680'177'565U);  // F(65)
}

TEST(Space, CountsProductBoundsOverAllParametersExactly) {
  // The number of 12-tuples of 1..10 by their product, by a plain map.
  std::map<std::int64_t, std::uint64_t> tuples = {{1, 1}};
  for (int i = 0; i < 12; ++i) {
    std::map<std::int64_t, std::uint64_t> longer;
    for (const auto& [product, count] : tuples) {
      for (std::int64_t value = 1; value <= 10; ++value) longer[product * value] += count;
    }
    tuples = std::move(longer);
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 12; ++i) names.push_back(Name(i));
  for (const std::int64_t limit : {1L, 1000L, 10'000'000L, 999'999'999'999L, 1'000'000'000'000L}) {
    std::uint64_t expected = 0;
    for (const auto& [product, count] : tuples) expected += product <= limit ? count : 0;
    const Space space =
        *Space::Create(Uniform(12, 10), {Constraint::ProductAtMost("all", names, 1, limit)});
    EXPECT_EQ(space.valid_count(), expected) << limit;
  }
}

TEST(Space, CountsWithAPredicateTooWideForATable) {
  // 2^23 combinations are more than a table may have; the pairs leave few of them.
  constexpr std::size_t kCount = 23;
  std::vector<Constraint> constraints;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kCount; ++i) names.push_back(Name(i));
  for (std::size_t i = 1; i < kCount; ++i) {
    constraints.push_back(Constraint::ProductAtMost("apart", {Name(i - 1), Name(i)}, 1, 2));
  }
  const auto divisible = [](std::int64_t sum) { return sum % 3 == 0; };
  constraints.push_back(
      Constraint::Where("wide", names, [divisible](std::span<const std::int64_t> v) {
        std::int64_t sum = 0;
        for (const std::int64_t value : v) sum += value;
        return divisible(sum);
      }));
  // sums[last][sum]: sequences without two neighbouring twos.
  std::map<std::pair<std::int64_t, std::int64_t>, std::uint64_t> sums = {{{1, 0}, 1}};
  for (std::size_t i = 0; i < kCount; ++i) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::uint64_t> longer;
    for (const auto& [key, count] : sums) {
      for (const std::int64_t value : {1, 2}) {
        if (key.first * value <= 2) longer[{value, key.second + value}] += count;
      }
    }
    sums = std::move(longer);
  }
  std::uint64_t expected = 0;
  for (const auto& [key, count] : sums) expected += divisible(key.second) ? count : 0;
  const Space space = *Space::Create(Uniform(kCount, 2), constraints);
  EXPECT_EQ(space.valid_count(), expected);
}

TEST(Space, SamplesUniformlyAmongTheValid) {
  const Space space = SmallSpace();
  Rng rng(2024);
  std::vector<int> counts(space.valid_count());
  constexpr int kSamples = 19'000;
  for (int i = 0; i < kSamples; ++i) ++counts[*space.Rank(space.Sample(rng))];
  double chi_square = 0;
  for (const int count : counts) chi_square += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_square, 18 + 5 * std::sqrt(36.0));  // five standard deviations above the mean
}

TEST(Space, SameSeedSameSamples) {
  const Space space = SmallSpace();
  const Space again = SmallSpace();
  Rng a(7);
  Rng b(7);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(space.Sample(a), again.Sample(b));
}

TEST(SpaceErrors, NameTheParameter) {
  EXPECT_EQ(CreateError({{"a", {1}}, {"a", {2}}}), "space: two parameters are named 'a'");
  EXPECT_EQ(CreateError({{"a", {}}}), "space: parameter 'a' has no values");
  EXPECT_EQ(CreateError({{"a", {3, 1, 3}}}), "space: parameter 'a' has the value 3 twice");
}

TEST(SpaceErrors, NameTheConstraint) {
  EXPECT_EQ(CreateError(Uniform(2, 2), {LessThan("p0", "q")}),
            "space: constraint 'p0 < q' names no parameter 'q'");
  EXPECT_EQ(CreateError(Uniform(2, 2), {LessThan("p0", "p0")}),
            "space: constraint 'p0 < p0' names parameter 'p0' twice");
  EXPECT_EQ(CreateError({{"a", {2, -1}}}, {Constraint::ProductAtMost("size", {"a"}, 1, 9)}),
            "space: constraint 'size' needs values of at least 0, parameter 'a' has -1");
}

/// The first half must equal the second half: all of it has to be remembered.
Constraint Mirror(std::size_t half) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 2 * half; ++i) names.push_back(Name(i));
  return Constraint::Where("mirror", names, [half](std::span<const std::int64_t> v) {
    return std::equal(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(half),
                      v.begin() + static_cast<std::ptrdiff_t>(half));
  });
}

TEST(SpaceErrors, TooManyNodesNameTheConstraintToFold) {
  const std::string message = CreateError(Uniform(6, 10), {LessThan("p0", "p1"), Mirror(3)}, 500);
  EXPECT_EQ(message.find('\n'), std::string::npos);
  EXPECT_THAT(message, HasSubstr("needs more than 500 nodes"));
  EXPECT_THAT(message, HasSubstr("'mirror' ("));
  EXPECT_EQ(Space::Create(Uniform(6, 10), {Mirror(3)}, 5000)->valid_count(), 1000U);
}

TEST(SpaceErrors, AnEndlessPredicateEndsInAnError) {
  EXPECT_THAT(CreateError(Uniform(16, 10), {Mirror(8)}, 20'000), HasSubstr("'mirror' ("));
}

TEST(SpaceErrors, ManyEdgesCountAsNodes) {
  EXPECT_THAT(CreateError({{"a", Range(1, 1000)}}, {}, 60), HasSubstr("needs more than 60 nodes"));
  EXPECT_TRUE(Space::Create({{"a", Range(1, 1000)}}, {}, 63).ok());
}

TEST(SpaceDeathTest, ConfigsOfAnotherShapeAreBugs) {
  const Space space = SmallSpace();
  EXPECT_DEATH((void)space.IsValid(Config{{0, 0}}), "Contains");
  EXPECT_DEATH((void)space.AtIndex(32), "raw_size");
  EXPECT_DEATH((void)space.Unrank(19), "rank < count_");
}

}  // namespace
}  // namespace foothold::space
