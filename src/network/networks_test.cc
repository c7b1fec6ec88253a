// The trained networks of the shared test data, against the outputs that ONNX Runtime gave with its
// optimisations off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "formats/onnx/model.h"
#include "network/execute/execute.h"
#include "network/import/import.h"
#include "network/load.h"
#include "network/testing/npy.h"

namespace foothold::network {
namespace {

using testing::Argmax;
using testing::ReadNpy;
using testing::Sample;

struct Case {
  std::string family;
  std::string file;
  /// How far a number may be off: sums of floats for float networks. Where integers are rounded, a
  /// float in another order may tip one over, and it then goes through the network; the data's
  /// README says by how much.
  double tolerance;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.file; }

class TrainedNetworks : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    folder_ = testing::NetworksFolder();
    if (folder_.empty()) GTEST_SKIP() << "needs FOOTHOLD_DATA with networks";
  }

  /// Compares `graph` with the recorded outputs: same classes, and numbers within the tolerance.
  void Check(const Graph& graph) {
    const Tensor inputs = ReadNpy(folder_ + "/" + GetParam().family + ".inputs.npy");
    const Tensor expected = ReadNpy(folder_ + "/" + GetParam().file + ".outputs.npy");
    for (std::int64_t i = 0; i < inputs.shape()[0]; ++i) {
      const Tensor output = Execute(graph, {Sample(inputs, i)}).at(0);
      const Tensor wanted = Sample(expected, i);
      ASSERT_EQ(output.shape(), wanted.shape());
      EXPECT_EQ(Argmax(output), Argmax(wanted)) << "sample " << i;
      for (std::size_t j = 0; j < wanted.floats().size(); ++j) {
        EXPECT_NEAR(output.floats()[j], wanted.floats()[j], GetParam().tolerance)
            << "sample " << i << ", class " << j;
      }
    }
  }

  std::string path() const { return folder_ + "/" + GetParam().file + ".onnx"; }
  std::string folder_;
};

TEST_P(TrainedNetworks, AsTheFileHasThem) {
  const onnx::Model model = onnx::ReadModel(*Env::Default(), path()).value();
  const auto graph = Import(model);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  Check(*graph);
}

TEST_P(TrainedNetworks, Simplified) {
  const auto graph = Load(*Env::Default(), path());
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  Check(*graph);
}

INSTANTIATE_TEST_SUITE_P(Data, TrainedNetworks,
                         ::testing::Values(Case{"mnist_cnn", "mnist_cnn", 1e-4},
                                           Case{"mnist_cnn", "mnist_cnn_qdq", 1e-5},
                                           Case{"mnist_cnn", "mnist_cnn_qdq_sym", 1e-5},
                                           Case{"mnist_cnn", "mnist_cnn_qop", 1e-5},
                                           Case{"resnet8", "resnet8", 1e-4},
                                           Case{"resnet8", "resnet8_int8_qdq", 0.05},
                                           Case{"kws_dscnn", "kws_dscnn_float", 1e-4},
                                           Case{"kws_dscnn", "kws_dscnn_int8_qdq", 1e-5}),
                         [](const auto& one) { return one.param.file; });

}  // namespace
}  // namespace foothold::network
