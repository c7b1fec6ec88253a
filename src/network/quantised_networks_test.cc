// Trained networks of the shared test data, quantised for shifts.
#include <gtest/gtest.h>

#include "network/load.h"
#include "network/quantise/quantise.h"
#include "network/testing/npy.h"

namespace foothold::network {
namespace {

struct QuantisedCase {
  std::string file;
  std::string inputs;
  std::int64_t agree_at_least;  ///< of 8 samples
};

/// Quantises from the file's own ranges where it has them, else from the first half of the samples.
TEST(QuantisedNetworks, AgreeWithFloat) {
  const std::string folder = testing::NetworksFolder();
  if (folder.empty()) GTEST_SKIP() << "needs FOOTHOLD_DATA with networks";
  for (const QuantisedCase& one :
       {QuantisedCase{"mnist_cnn", "mnist_cnn", 7}, QuantisedCase{"mnist_cnn_qdq", "mnist_cnn", 7},
        QuantisedCase{"mnist_cnn_qop", "mnist_cnn", 7},
        QuantisedCase{"kws_dscnn_float", "kws_dscnn", 7},
        QuantisedCase{"kws_dscnn_int8_qdq", "kws_dscnn", 7}}) {
    SCOPED_TRACE(one.file);
    const Graph floats = LoadForShifts(*Env::Default(), folder + "/" + one.file + ".onnx").value();
    const Tensor inputs = testing::ReadNpy(folder + "/" + one.inputs + ".inputs.npy");
    std::vector<Tensor> samples;
    for (std::int64_t i = 0; i < 8; ++i) samples.push_back(testing::Sample(inputs, i));
    const std::vector<Tensor> half(samples.begin(), samples.begin() + 4);
    const auto quantised = QuantiseForShifts(floats, half);
    ASSERT_TRUE(quantised.ok()) << quantised.status().message();
    const Quality quality = Compare(floats, *quantised, samples);
    EXPECT_GE(quality.agree, one.agree_at_least);
    for (const auto& layer : quality.layers) {
      EXPECT_GT(layer.signal_to_noise_db, 10) << layer.node;
    }
  }
}

/// A QDQ file says how large its numbers are.
TEST(QuantisedNetworks, NeedNoSamplesWhereTheFileHasRanges) {
  const std::string folder = testing::NetworksFolder();
  if (folder.empty()) GTEST_SKIP() << "needs FOOTHOLD_DATA with networks";
  const Graph floats = LoadForShifts(*Env::Default(), folder + "/kws_dscnn_int8_qdq.onnx").value();
  const auto quantised = QuantiseForShifts(floats, {});
  ASSERT_TRUE(quantised.ok()) << quantised.status().message();
}

}  // namespace
}  // namespace foothold::network
