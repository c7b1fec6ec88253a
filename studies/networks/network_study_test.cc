#include "studies/networks/network_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/testing/small_network.h"

namespace foothold::studies {
namespace {

using ::testing::HasSubstr;

class NetworkStudyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.data = env_.CreateTemporaryDirectory("network_study").value();
    const std::string folder = options_.data + "/networks";
    ASSERT_TRUE(env_.CreateDirectories(folder).ok());
    Write(folder + "/small_a.onnx", network::testing::SmallNetwork().Bytes());
    Write(folder + "/small.inputs.npy", network::testing::SmallSamples());
    options_.machine = vta::FindMachine(env_, "pynq").value();
    options_.inputs = 6;
    options_.simulated = 2;
    options_.jobs = 1;
  }
  void TearDown() override { ASSERT_TRUE(env_.RemoveTree(options_.data).ok()); }
  void Write(const std::string& path, const std::string& bytes) {
    ASSERT_TRUE(env_.WriteFileAtomically(path, bytes).ok());
  }
  Result<std::optional<NetworkStudy>> Run(bool cancelled = false) {
    return RunNetworkStudy(
        env_, options_, [](const std::string& /*progress*/) {}, [=] { return cancelled; });
  }

  Env& env_ = *Env::Default();
  NetworkStudyOptions options_;
};

TEST_F(NetworkStudyTest, ComparesAllFormsOfANetwork) {
  const auto study = Run();
  ASSERT_TRUE(study.ok()) << study.status().message();
  ASSERT_EQ((*study)->networks.size(), 1U);
  const NetworkFigures& figures = (*study)->networks[0];
  EXPECT_EQ(figures.family, "small");
  EXPECT_EQ(figures.inputs, "6 synthetic images");
  EXPECT_FALSE(figures.has_ranges);
  EXPECT_FALSE(figures.vta_right.has_value());
  EXPECT_EQ(figures.file_agrees.yes, 6U);
  EXPECT_EQ(figures.folder_equals_executor.of, 6U);
  EXPECT_EQ(figures.folder_equals_executor.yes, 6U);
  EXPECT_EQ(figures.simulator_equals_executor.yes, 2U);
  EXPECT_EQ(figures.share_of_macs, 1);
  EXPECT_EQ(figures.quality.layers.size(), 6U);
  EXPECT_THAT(ToPage(**study).ToMarkdown(), HasSubstr("| small_a | 6 synthetic images |"));
  EXPECT_THAT(ToPage(**study).ToJson(), HasSubstr("\"simulated_ms\""));
}

TEST_F(NetworkStudyTest, NamesANetworkThatIsNotThere) {
  options_.networks = {"large"};
  EXPECT_THAT(Run().status().message(), HasSubstr("networks: has no such network"));
}

TEST_F(NetworkStudyTest, NamesANetworkWithoutInputs) {
  ASSERT_TRUE(env_.RemoveTree(options_.data + "/networks/small.inputs.npy").ok());
  EXPECT_THAT(Run().status().message(), HasSubstr("no FAMILY.inputs.npy that small_a begins with"));
}

TEST_F(NetworkStudyTest, StopsWhenInterrupted) { EXPECT_FALSE(Run(true).value().has_value()); }

}  // namespace
}  // namespace foothold::studies
