#include "studies/networks/evaluation_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/npy.h"

namespace foothold::studies {
namespace {

using ::testing::HasSubstr;

TEST(FindEvaluationInputs, MakesTheSameImagesEachTime) {
  const auto set = FindEvaluationInputs(*Env::Default(), "no such folder", {1, 3, 8, 6}, 5).value();
  ASSERT_EQ(set.inputs.size(), 5U);
  EXPECT_EQ(set.what, "synthetic images");
  EXPECT_TRUE(set.labels.empty());
  for (const network::Tensor& image : set.inputs) {
    EXPECT_EQ(image.shape(), (network::Shape{1, 3, 8, 6}));
    const auto [least, most] = std::minmax_element(image.floats().begin(), image.floats().end());
    EXPECT_GE(*least, 0);
    EXPECT_LE(*most, 255);
    EXPECT_GT(*most - *least, 20);
  }
  EXPECT_FALSE(set.inputs[0] == set.inputs[1]);
  const auto again =
      FindEvaluationInputs(*Env::Default(), "no such folder", {1, 3, 8, 6}, 5).value();
  EXPECT_EQ(again.inputs[4], set.inputs[4]);
}

TEST(CalibrationInputs, AreOfTheNetworksShape) {
  Env& env = *Env::Default();
  const std::string folder = env.CreateTemporaryDirectory("calibration").value();
  const formats::NpyArray array = {{2, 3}, {1, 2, 3, 4, 5, 6}};
  ASSERT_TRUE(env.WriteFileAtomically(folder + "/a.inputs.npy", formats::FormatNpy(array)).ok());
  const auto inputs = CalibrationInputs(env, folder, "a", {1, 3}).value();
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[1].floats(), (std::vector<float>{4, 5, 6}));
  EXPECT_THAT(CalibrationInputs(env, folder, "a", {1, 4}).status().message(),
              HasSubstr("a.inputs.npy: has the shape 2x3, must hold inputs of 1x4"));
  ASSERT_TRUE(env.RemoveTree(folder).ok());
}

}  // namespace
}  // namespace foothold::studies
