#include "foothold/workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace foothold::workload {
namespace {

using ::testing::HasSubstr;

Workload C8() {
  Conv2d conv;
  conv.in_channels = 256;
  conv.height = conv.width = 14;
  conv.out_channels = 256;
  conv.kernel_h = conv.kernel_w = 3;
  conv.pad_h = conv.pad_w = 1;
  return {"C8", conv, {}};
}

Workload SmallDense() {
  Dense dense;
  dense.batch = 3;
  dense.in_features = 5;
  dense.out_features = 7;
  return {"dense", dense, {}};
}

/// The complaint about C8 after `change`.
std::string Complaint(const std::function<void(Conv2d&, Requantize&)>& change) {
  Workload workload = C8();
  change(std::get<Conv2d>(workload.op), workload.requantize);
  const Status status = Validate(workload);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  return status.message();
}

TEST(Workload, CountsOfAConvolution) {
  const Workload workload = C8();
  EXPECT_TRUE(Validate(workload).ok());
  EXPECT_EQ(OperatorName(workload.op), "conv2d");
  EXPECT_EQ(MacCount(workload), 115'605'504);
  EXPECT_EQ(OperationCount(workload), 231'211'008);
  EXPECT_EQ(InputSize(workload), 256 * 14 * 14);
  EXPECT_EQ(WeightSize(workload), 256 * 256 * 9);
  EXPECT_EQ(OutputSize(workload), 256 * 14 * 14);
  EXPECT_EQ(BiasSize(workload), 0);
}

TEST(Workload, CountsOfADense) {
  Workload workload = SmallDense();
  workload.requantize.bias = true;
  EXPECT_TRUE(Validate(workload).ok());
  EXPECT_EQ(OperatorName(workload.op), "dense");
  EXPECT_EQ(MacCount(workload), 3 * 5 * 7);
  EXPECT_EQ(InputSize(workload), 15);
  EXPECT_EQ(WeightSize(workload), 35);
  EXPECT_EQ(OutputSize(workload), 21);
  EXPECT_EQ(BiasSize(workload), 7);
}

TEST(Workload, OutputSizeRoundsDown) {
  Conv2d conv;
  conv.height = 8;
  conv.width = 9;
  conv.kernel_h = 3;
  conv.kernel_w = 2;
  conv.stride_h = 2;
  conv.stride_w = 3;
  EXPECT_EQ(conv.out_height(), 3);  // rows 0, 2, 4; row 6 would need row 8
  EXPECT_EQ(conv.out_width(), 3);   // columns 0, 3, 6
}

TEST(Workload, PrintsOneLine) {
  EXPECT_EQ(ToString(C8()), "conv2d 1x256x14x14 -> 256, 3x3, pad 1, stride 1");
  EXPECT_EQ(ToString(SmallDense()), "dense 3x5 -> 7");
}

TEST(Workload, PrintsWhatIsUnusual) {
  Workload workload = C8();
  auto& conv = std::get<Conv2d>(workload.op);
  conv.pad_w = 0;
  conv.stride_h = 2;
  workload.requantize.bias = true;
  workload.requantize.shift = 5;
  workload.requantize.clip_min = -128;
  EXPECT_EQ(ToString(workload),
            "conv2d 1x256x14x14 -> 256, 3x3, pad 1x0, stride 2x1, bias, shift 5, clip -128..127");
}

TEST(Workload, ComplaintsNameFieldAndRule) {
  EXPECT_EQ(Complaint([](Conv2d& conv, Requantize&) { conv.batch = 0; }),
            "batch: is 0, must be from 1 to 1048576");
  EXPECT_EQ(Complaint([](Conv2d& conv, Requantize&) { conv.pad_w = -1; }),
            "pad_w: is -1, must be from 0 to 1048576");
  EXPECT_EQ(Complaint([](Conv2d& conv, Requantize&) { conv.stride_h = 1 << 21; }),
            "stride_h: is 2097152, must be from 1 to 1048576");
  EXPECT_EQ(Complaint([](Conv2d& conv, Requantize&) { conv.kernel_h = 17; }),
            "kernel_h: is 17, must be at most 16 (height 14 + 2 x padding 1), or the output is "
            "empty");
  EXPECT_EQ(Complaint([](Conv2d& conv, Requantize&) { conv.kernel_w = 17; }),
            "kernel_w: is 17, must be at most 16 (width 14 + 2 x padding 1), or the output is "
            "empty");
  EXPECT_EQ(Complaint([](Conv2d&, Requantize& requantize) { requantize.shift = 32; }),
            "shift: is 32, must be from 0 to 31");
  EXPECT_EQ(Complaint([](Conv2d&, Requantize& requantize) { requantize.clip_max = 128; }),
            "clip_max: is 128, must be from -128 to 127");
  EXPECT_EQ(Complaint([](Conv2d&, Requantize& requantize) { requantize.clip_max = -1; }),
            "clip_min: is 0, must be from -128 to -1");
}

TEST(Workload, EverySizeIsChecked) {
  std::int64_t Conv2d::*members[] = {&Conv2d::batch,    &Conv2d::in_channels,  &Conv2d::height,
                                     &Conv2d::width,    &Conv2d::out_channels, &Conv2d::kernel_h,
                                     &Conv2d::kernel_w, &Conv2d::stride_h,     &Conv2d::stride_w};
  for (const auto member : members) {
    for (const std::int64_t bad : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
      const std::string message = Complaint([&](Conv2d& conv, Requantize&) { conv.*member = bad; });
      EXPECT_THAT(message, HasSubstr("must be from 1 to 1048576"));
    }
  }
}

TEST(Workload, TensorsAreLimitedWithoutOverflow) {
  EXPECT_EQ(Complaint([](Conv2d& conv, Requantize&) {
              conv.batch = conv.in_channels = conv.height = conv.width = 1 << 20;
              conv.pad_h = conv.pad_w = 1 << 20;
            }),
            "input: batch x in_channels x padded height x padded width = 1048576 x 1048576 x "
            "3145728 x 3145728 scalars, must be at most 2147483647");
  EXPECT_THAT(
      Complaint([](Conv2d& conv, Requantize&) { conv.in_channels = conv.out_channels = 1 << 16; }),
      HasSubstr("weight: out_channels x in_channels x kernel_h x kernel_w = 65536 x"));
  EXPECT_THAT(Complaint([](Conv2d& conv, Requantize&) {
                conv.in_channels = 1;
                conv.height = conv.width = 1 << 14;
              }),
              HasSubstr("output: batch x out_channels"));
}

TEST(Workload, TheLargestOnesCountWithoutOverflow) {
  Dense dense;
  dense.batch = 2047;
  dense.in_features = 1 << 20;
  dense.out_features = 2047;
  Workload workload{"large", dense, {}};
  EXPECT_TRUE(Validate(workload).ok());
  EXPECT_EQ(OperationCount(workload), std::int64_t{2} * 2047 * 2047 * (1 << 20));
  std::get<Dense>(workload.op).batch = 2048;
  EXPECT_THAT(Validate(workload).message(), HasSubstr("input: batch x in_features = 2048 x"));

  // The most operations of all: an output and a weight sum of nearly 2^31 each.
  Conv2d conv;
  conv.in_channels = (1 << 20) - 1;
  conv.kernel_h = 2047;
  conv.height = 2047;
  workload.op = conv;
  EXPECT_TRUE(Validate(workload).ok());
  EXPECT_GT(OperationCount(workload), 0);
}

}  // namespace
}  // namespace foothold::workload
