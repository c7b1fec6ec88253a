#include "cli/common/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::cli {
namespace {

using ::testing::HasSubstr;

Space SmallSpace() {
  return *Space::Create({{"tile_b", {1}}, {"tile_h", {1, 2, 7, 14}}, {"h_threads", {1, 2}}});
}

std::vector<std::int64_t> Values(std::string_view text) {
  const Space space = SmallSpace();
  const Result<Config> config = ParseConfig(text, space);
  EXPECT_TRUE(config.ok()) << config.status().message();
  return config.ok() ? space.Values(*config) : std::vector<std::int64_t>();
}

std::string Complaint(std::string_view text) {
  const Result<Config> config = ParseConfig(text, SmallSpace());
  EXPECT_FALSE(config.ok());
  EXPECT_EQ(config.status().code(), StatusCode::kInvalidArgument);
  return config.status().message();
}

TEST(ParseConfig, TakesAutoTvmIndices) {
  EXPECT_EQ(Values("0"), (std::vector<std::int64_t>{1, 1, 1}));
  EXPECT_EQ(Values("index=6"), (std::vector<std::int64_t>{1, 7, 2}));
}

TEST(ParseConfig, TakesValuesInAnyOrder) {
  EXPECT_EQ(Values("h_threads=2,tile_h=14"), (std::vector<std::int64_t>{1, 14, 2}));
  EXPECT_EQ(Values("tile_b=1 tile_h=2, h_threads=1"), (std::vector<std::int64_t>{1, 2, 1}));
}

TEST(ParseConfig, SaysWhatIsWrong) {
  EXPECT_EQ(Complaint("8"), "config: index '8' must be a number from 0 to 7");
  EXPECT_EQ(Complaint("index=x"), "config: index 'x' must be a number from 0 to 7");
  EXPECT_EQ(Complaint("tile_h=2"), "config: h_threads: is missing; it is one of 1, 2");
  EXPECT_EQ(Complaint("tile_x=2"),
            "config: tile_x: no such parameter; there are tile_b, tile_h, h_threads");
  EXPECT_EQ(Complaint("tile_h=1,tile_h=2"), "config: tile_h: is given twice");
  EXPECT_THAT(Complaint("tile_h=two"), HasSubstr("'tile_h=two' must be NAME=NUMBER"));
  EXPECT_THAT(Complaint("tile_h=3,h_threads=1"), HasSubstr("tile_h"));
}

TEST(DescribeConfig, LeavesOutWhatHasNoChoice) {
  const Space space = SmallSpace();
  EXPECT_EQ(DescribeConfig(space.parameters(), space.AtIndex(6)), "tile_h=7 h_threads=2");
}

TEST(ResolveWorkloads, KnowsShapesNetworksAndLayers) {
  Env& env = *Env::Default();
  EXPECT_EQ(ResolveWorkloads("dense:1x256,128", env)->size(), 1u);
  EXPECT_EQ(ResolveWorkloads("resnet18", env)->size(), 10u);
  EXPECT_EQ(ResolveOneWorkload("resnet18.C8", env)->name, "resnet18.C8");
}

TEST(ResolveWorkloads, SaysWhatIsWrong) {
  Env& env = *Env::Default();
  EXPECT_EQ(ResolveWorkloads("gone.json", env).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(ResolveWorkloads("resnet19", env).status().code(), StatusCode::kNotFound);
  EXPECT_THAT(ResolveOneWorkload("resnet18", env).status().message(),
              HasSubstr("stands for 10 workloads; name one, for example resnet18.C2"));
  EXPECT_EQ(ResolveAllWorkloads({"resnet18.C8", "resnet18"}, env).status().message(),
            "workload 'resnet18.C8' is given twice");
}

}  // namespace
}  // namespace foothold::cli
