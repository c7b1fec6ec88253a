#include "network/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/onnx/testing/encoder.h"
#include "network/testing/small_network.h"

namespace foothold::network {
namespace {

using ::testing::HasSubstr;

class LoadTest : public ::testing::Test {
 protected:
  void SetUp() override { folder_ = Env::Default()->CreateTemporaryDirectory("load").value(); }
  void TearDown() override { ASSERT_TRUE(Env::Default()->RemoveTree(folder_).ok()); }
  std::string Write(const std::string& bytes) {
    const std::string path = folder_ + "/net.onnx";
    EXPECT_TRUE(Env::Default()->WriteFileAtomically(path, bytes).ok());
    return path;
  }
  std::string folder_;
};

TEST_F(LoadTest, SimplifiesWhatTheFileHas) {
  const auto graph = Load(*Env::Default(), Write(testing::SmallNetwork().Bytes()));
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  std::vector<std::string_view> names;
  for (const Node& node : graph->nodes) names.push_back(OperationName(node.operation));
  EXPECT_THAT(names, ::testing::ElementsAre("conv", "conv", "conv", "conv", "mean", "reshape",
                                            "dense", "softmax"));
}

TEST_F(LoadTest, NamesTheFileThatIsNoModel) {
  const std::string path = Write("not a model");
  EXPECT_THAT(Load(*Env::Default(), path).status().message(), ::testing::StartsWith(path + ": "));
}

}  // namespace
}  // namespace foothold::network
