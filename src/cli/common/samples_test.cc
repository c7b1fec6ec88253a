#include "cli/common/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::cli {
namespace {

using ::testing::HasSubstr;

class SamplesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = env_.CreateTemporaryDirectory("samples").value();
    graph_.inputs = {graph_.Add({"x", network::DataType::kFloat, {1, 2}})};
  }
  void TearDown() override { ASSERT_TRUE(env_.RemoveTree(folder_).ok()); }

  std::string Write(const std::string& name, const std::string& shape, const std::string& data) {
    const std::string header =
        "{'descr': '|i1', 'fortran_order': False, 'shape': (" + shape + "), }";
    const std::string bytes = std::string("\x93NUMPY\x01") + '\0' +
                              static_cast<char>(header.size()) + '\0' + header + data;
    EXPECT_TRUE(env_.WriteFileAtomically(folder_ + "/" + name, bytes).ok());
    return folder_ + "/" + name;
  }

  Env& env_ = *Env::Default();
  std::string folder_;
  network::Graph graph_;
};

TEST_F(SamplesTest, TakesOneInputOrSeveral) {
  EXPECT_EQ(ReadSamples(env_, Write("a.npy", "1, 2", "\x01\x02"), graph_).value().size(), 1U);
  const auto batch = ReadSamples(env_, Write("b.npy", "2, 2", "\x01\x02\x03\x04"), graph_).value();
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_THAT(batch[1].floats(), ::testing::ElementsAre(3, 4));
  EXPECT_EQ(ReadSamples(env_, Write("c.npy", "1, 1, 2", "\x01\x02"), graph_).value().size(), 1U);
}

TEST_F(SamplesTest, TakesAFolder) {
  Write("b.npy", "1, 2", "\x05\x06");
  Write("a.npy", "1, 2", "\x01\x02");
  ASSERT_TRUE(env_.WriteFileAtomically(folder_ + "/notes.txt", "no sample").ok());
  const auto samples = ReadSamples(env_, folder_, graph_).value();
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_THAT(samples[0].floats(), ::testing::ElementsAre(1, 2));
}

TEST_F(SamplesTest, SaysWhatIsWrong) {
  EXPECT_THAT(ReadSamples(env_, folder_, graph_).status().message(), HasSubstr("has no .npy file"));
  EXPECT_THAT(
      ReadSamples(env_, Write("a.npy", "3", "\x01\x02\x03"), graph_).status().message(),
      HasSubstr("a.npy: has the shape 3, must be 1x2, or several of it along a first axis"));
  EXPECT_EQ(ReadSamples(env_, folder_ + "/gone.npy", graph_).status().code(),
            StatusCode::kNotFound);
}

}  // namespace
}  // namespace foothold::cli
