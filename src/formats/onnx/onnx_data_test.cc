// The reader on the trained networks of the shared test data.
#include <gtest/gtest.h>

#include "base/testing/test_data.h"
#include "formats/onnx/model.h"

namespace foothold::onnx {
namespace {

struct Expected {
  const char* file;
  std::int64_t opset;
  std::size_t nodes;
  std::size_t initializers_at_least;
};

TEST(OnnxData, ReadsTheTrainedNetworks) {
  const std::string folder = foothold::testing::DataDirectory() + "/networks";
  if (!Env::Default()->FileExists(folder)) GTEST_SKIP() << "needs FOOTHOLD_DATA with networks";
  // Nodes as the data's README counts the operators.
  for (const Expected& expected :
       {Expected{"mnist_cnn.onnx", 17, 13, 10}, Expected{"mnist_cnn_qdq.onnx", 17, 39, 20},
        Expected{"mnist_cnn_qdq_sym.onnx", 17, 51, 20}, Expected{"mnist_cnn_qop.onnx", 17, 11, 20},
        Expected{"resnet8.onnx", 13, 23, 20}, Expected{"resnet8_int8_qdq.onnx", 13, 77, 40},
        Expected{"kws_dscnn_int8_qdq.onnx", 13, 70, 40},
        Expected{"kws_dscnn_float.onnx", 13, 22, 20}}) {
    SCOPED_TRACE(expected.file);
    const auto model = ReadModel(*Env::Default(), folder + "/" + expected.file);
    ASSERT_TRUE(model.ok()) << model.status().message();
    EXPECT_EQ(model->ir_version, 8);
    EXPECT_EQ(model->opsets.at(""), expected.opset);
    EXPECT_EQ(model->graph.nodes.size(), expected.nodes);
    EXPECT_GE(model->graph.initializers.size(), expected.initializers_at_least);
    EXPECT_EQ(model->graph.inputs.size(), 1U);
    EXPECT_EQ(model->graph.outputs.size(), 1U);
  }
}

}  // namespace
}  // namespace foothold::onnx
