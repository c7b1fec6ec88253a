#include "targets/vta/compiler/tensor_layout.h"

#include <gtest/gtest.h>

#include <cstring>

namespace foothold::vta {
namespace {

const Geometry kFourByEight{.log_batch = 2,
                            .log_block = 3,
                            .log_inp_buff_size = 16,
                            .log_wgt_buff_size = 16,
                            .log_acc_buff_size = 18};

std::int8_t At(const std::vector<std::byte>& bytes, std::int64_t index) {
  return static_cast<std::int8_t>(bytes[static_cast<std::size_t>(index)]);
}

TEST(TensorLayoutTest, ConvTensorsFollowTheFormulaOfTheLayout) {
  const Conv2d conv{.batch = 8,
                    .in_channels = 16,
                    .height = 3,
                    .width = 5,
                    .out_channels = 24,
                    .kernel_h = 2,
                    .kernel_w = 3};
  const Workload workload{"w", conv, {.bias = true}};
  const Tensors tensors = RandomTensors(workload, 1);
  const PackedTensors packed =
      Pack(workload, *BlockShape(workload, kFourByEight), kFourByEight, tensors);
  const std::int64_t B = 4, BI = 8, BO = 8;
  std::int64_t index = 0;
  for (std::int64_t n = 0; n < conv.batch / B; ++n)
    for (std::int64_t c = 0; c < conv.in_channels / BI; ++c)
      for (std::int64_t h = 0; h < conv.height; ++h)
        for (std::int64_t w = 0; w < conv.width; ++w)
          for (std::int64_t b = 0; b < B; ++b)
            for (std::int64_t i = 0; i < BI; ++i)
              ASSERT_EQ(At(packed.input, index++),
                        tensors.input[static_cast<std::size_t>(
                            (((n * B + b) * conv.in_channels + c * BI + i) * conv.height + h) *
                                conv.width +
                            w)]);
  index = 0;
  for (std::int64_t o = 0; o < conv.out_channels / BO; ++o)
    for (std::int64_t c = 0; c < conv.in_channels / BI; ++c)
      for (std::int64_t k = 0; k < conv.kernel_h * conv.kernel_w; ++k)
        for (std::int64_t oi = 0; oi < BO; ++oi)
          for (std::int64_t i = 0; i < BI; ++i)
            ASSERT_EQ(At(packed.weight, index++),
                      tensors.weight[static_cast<std::size_t>(
                          ((o * BO + oi) * conv.in_channels + c * BI + i) * conv.kernel_h *
                              conv.kernel_w +
                          k)]);
  ASSERT_EQ(packed.bias.size(), static_cast<std::size_t>(8 * 24 * 4));
  for (std::int64_t n = 0; n < 2; ++n)
    for (std::int64_t o = 0; o < 3; ++o)
      for (std::int64_t b = 0; b < B; ++b)
        for (std::int64_t oi = 0; oi < BO; ++oi) {
          std::int32_t value = 0;
          std::memcpy(&value, packed.bias.data() + ((n * 3 + o) * B * BO + b * BO + oi) * 4, 4);
          ASSERT_EQ(value, tensors.bias[static_cast<std::size_t>(o * BO + oi)]);
        }
}

TEST(TensorLayoutTest, UnpackedOutputIndexInvertsPackOutput) {
  for (const Workload& workload :
       {Workload{"c",
                 Conv2d{.batch = 4, .in_channels = 8, .height = 3, .width = 3, .out_channels = 16},
                 {}},
        Workload{"d", Dense{8, 16, 24}, {}}}) {
    std::vector<std::int8_t> output(static_cast<std::size_t>(OutputSize(workload)));
    for (std::size_t i = 0; i < output.size(); ++i)
      output[i] = static_cast<std::int8_t>(i * 37 % 251);
    const auto packed = PackOutput(workload, kFourByEight, output);
    for (std::size_t i = 0; i < packed.size(); ++i) {
      const std::int64_t from =
          UnpackedOutputIndex(workload, kFourByEight, static_cast<std::int64_t>(i));
      ASSERT_EQ(static_cast<std::int8_t>(packed[i]), output[static_cast<std::size_t>(from)])
          << workload.name << i;
    }
  }
}

}  // namespace
}  // namespace foothold::vta
