#include "cli/common/network_argument.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/testing/small_network.h"

namespace foothold::cli {
namespace {

using ::testing::HasSubstr;

class NetworkArgumentTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = env_.CreateTemporaryDirectory("network").value();
    path_ = folder_ + "/small.onnx";
    ASSERT_TRUE(env_.WriteFileAtomically(path_, network::testing::SmallNetwork().Bytes()).ok());
  }
  void TearDown() override { ASSERT_TRUE(env_.RemoveTree(folder_).ok()); }

  Env& env_ = *Env::Default();
  std::string folder_;
  std::string path_;
};

TEST_F(NetworkArgumentTest, GivesTheLayersOfAFileForATarget) {
  EXPECT_TRUE(IsNetworkArgument(path_));
  EXPECT_TRUE(IsNetworkArgument(path_ + ":C2"));
  EXPECT_FALSE(IsNetworkArgument("resnet18"));
  const auto all = ResolveForTarget({path_, "resnet18.C8"}, "vta:pynq", env_).value();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(ToInline(all[0].workload), "conv2d:1x16x9x9,16,3x3,stride=2,bias");
  EXPECT_EQ(all[1].count, 2);
  EXPECT_EQ(all[1].network, "small");
  EXPECT_EQ(all[3].workload.name, "resnet18.C8");
  EXPECT_EQ(all[3].network, "");
  // Only a VTA has blocks.
  EXPECT_EQ(ToInline(ResolveForTarget({path_}, "cpu", env_).value()[0].workload),
            "conv2d:1x3x9x9,16,3x3,stride=2,bias");
}

TEST_F(NetworkArgumentTest, GivesOneLayer) {
  EXPECT_EQ(ResolveOneForTarget(path_ + ":C2", "vta:pynq", env_).value().name, "small.C2");
  EXPECT_EQ(ResolveOneForTarget("resnet18.C8", "vta:pynq", env_).value().name, "resnet18.C8");
  EXPECT_EQ(ResolveOneForTarget(path_, "vta:pynq", env_).status().message(),
            "'" + path_ + "' stands for 3 workloads; name one, for example " + path_ + ":C1");
}

TEST_F(NetworkArgumentTest, SaysWhatIsWrong) {
  EXPECT_EQ(ResolveOneForTarget(path_ + ":C9", "vta:pynq", env_).status().message(),
            path_ + ": has no layer 'C9'; it has C1, C2, D1");
  EXPECT_EQ(ResolveForTarget({path_, path_ + ":C1"}, "vta:pynq", env_).status().message(),
            "workload 'small.C1' is given twice");
  EXPECT_EQ(ResolveForTarget({"gone.onnx"}, "vta:pynq", env_).status().code(),
            StatusCode::kNotFound);
  for (const char* shape : {"image", "=1x3", "image=", "image=1x", "image=1x-3", "image=axb"}) {
    EXPECT_THAT(LoadNetworkLayers(path_, "vta:pynq", {shape}, env_).status().message(),
                HasSubstr(std::string("--shape: is '") + shape + "', must be NAME=SIZE"));
  }
  EXPECT_THAT(LoadNetworkLayers(path_, "vta:pynq", {"image=2x3x8x8"}, env_).value().graph.inputs,
              ::testing::SizeIs(1));
}

}  // namespace
}  // namespace foothold::cli
