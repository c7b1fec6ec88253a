#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/workload.h"

namespace foothold::workload {
namespace {

using ::testing::HasSubstr;

Workload Parsed(std::string_view text) {
  const Result<Workload> workload = ParseInlineWorkload(text);
  EXPECT_TRUE(workload.ok()) << workload.status().message();
  return *workload;
}

std::string Complaint(std::string_view text) {
  const Result<Workload> workload = ParseInlineWorkload(text);
  EXPECT_FALSE(workload.ok()) << text;
  if (workload.ok()) return "";
  EXPECT_EQ(workload.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(workload.status().message().find('\n'), std::string::npos);
  return workload.status().message();
}

TEST(InlineWorkload, Conv2d) {
  const Workload workload = Parsed("conv2d:1x256x14x14,256,3x3,pad=1,stride=1");
  EXPECT_EQ(workload.name, "conv2d:1x256x14x14,256,3x3,pad=1,stride=1");
  EXPECT_EQ(ToString(workload), "conv2d 1x256x14x14 -> 256, 3x3, pad 1, stride 1");
  EXPECT_EQ(workload.requantize, Requantize{});
}

TEST(InlineWorkload, Conv2dWithEveryOption) {
  EXPECT_EQ(ToString(Parsed("conv2d:2x16x9x8,32,5x3,pad=2x1,stride=3x2,bias,shift=4,clip_min=-8,"
                            "clip_max=7")),
            "conv2d 2x16x9x8 -> 32, 5x3, pad 2x1, stride 3x2, bias, shift 4, clip -8..7");
}

TEST(InlineWorkload, PadAndStrideHaveDefaults) {
  EXPECT_EQ(ToString(Parsed("conv2d:1x16x8x8,16,1x1")),
            "conv2d 1x16x8x8 -> 16, 1x1, pad 0, stride 1");
}

TEST(InlineWorkload, Dense) {
  EXPECT_EQ(ToString(Parsed("dense:1x256,128")), "dense 1x256 -> 128");
  EXPECT_EQ(ToString(Parsed("dense:4x256,128,bias")), "dense 4x256 -> 128, bias");
}

TEST(InlineWorkload, Kernel) {
  EXPECT_EQ(ToString(Parsed("kernel:convolution_kernel")), "kernel convolution_kernel");
  EXPECT_EQ(MacCount(Parsed("kernel:a,b")), 0);
  EXPECT_THAT(Complaint("kernel:"), HasSubstr("kernel: is empty, must be a name"));
  EXPECT_THAT(Complaint("kernel:" + std::string(201, 'k')), HasSubstr("must have at most 200"));
  EXPECT_THAT(Complaint("kernel:a\nb"), HasSubstr("holds a control character"));
}

TEST(InlineWorkload, ToInlineIsTheInverse) {
  for (const char* text :
       {"conv2d:1x256x14x14,256,3x3,pad=1", "conv2d:2x16x9x8,32,5x3,pad=2x1,stride=3x2",
        "conv2d:1x16x8x8,16,1x1,stride=2,bias,shift=4,clip_max=7,clip_min=-8", "dense:1x256,128",
        "dense:4x256,128,bias", "kernel:a,b=c", "dense:8x64,64,float32",
        "conv2d:1x3x9x9,8,3x3,pad=1,float32", "conv2d:1x32x9x9,32,3x3,pad_end=1x2,groups=32",
        "conv2d_transpose:1x64x4x4,32,4x4,pad=1,stride=2,bias"}) {
    EXPECT_EQ(ToInline(Parsed(text)), text);
  }
}

TEST(InlineWorkload, ComplaintsSayWhatWouldBeRight) {
  EXPECT_EQ(Complaint("pool:1x2"),
            "\"pool:1x2\": must begin with \"conv2d:\", \"dense:\", "
            "\"conv2d_transpose:\" or \"kernel:\"");
  EXPECT_EQ(Complaint("conv2d:1x256x14,256,3x3"),
            "\"conv2d:1x256x14,256,3x3\": \"1x256x14\" is not the input shape, "
            "BATCHxCHANNELSxHEIGHTxWIDTH");
  EXPECT_EQ(Complaint("dense:1x256"), "\"dense:1x256\": the number of output features is missing");
  EXPECT_EQ(Complaint("dense:1x256,128,pad=1"),
            "\"dense:1x256,128,pad=1\": unknown option \"pad=1\"; the options are bias, "
            "clip_max=N, clip_min=N, float32, shift=BITS");
  EXPECT_EQ(Complaint("conv2d:1x1x4x4,1,3x3,pad=1x2x3"),
            "\"conv2d:1x1x4x4,1,3x3,pad=1x2x3\": \"pad=1x2x3\" is not pad=ROWS[xCOLUMNS]");
  EXPECT_EQ(Complaint("conv2d:1x1x4x4,1,3x3,pad=1,pad=1"),
            "\"conv2d:1x1x4x4,1,3x3,pad=1,pad=1\": \"pad\" is given twice");
  EXPECT_EQ(Complaint("dense:1x2,3,float32,bias"),
            "\"dense:1x2,3,float32,bias\": bias: is for int8 workloads; a float32 one has none");
  EXPECT_EQ(Complaint("conv2d:1x1x4x4,1,5x3"),
            "\"conv2d:1x1x4x4,1,5x3\": kernel_h: is 5, must be at most 4 (height 4 + 2 x padding "
            "0), or the output is empty");
}

TEST(InlineWorkload, RejectsWhatIsNearlyRight) {
  for (const char* text : {"",
                           ":",
                           "conv2d",
                           "conv2d:",
                           "dense:,",
                           "conv2d:1x256x14x14",
                           "conv2d:1x256x14x14,256",
                           "conv2d:1x256x14x14,256,3",
                           "conv2d:1x256x14x14,2x2,3x3",
                           "conv2d: 1x256x14x14,256,3x3",
                           "conv2d:1x256x14x14,256,3x3,",
                           "conv2d:1x256x14x14,256,3x3,bias=1",
                           "conv2d:1x256x14x14,256,3x3,pad",
                           "conv2d:1x256x14x14,256,3x3,pad=",
                           "conv2d:1x256x14x14,256,3x3,shift=9999999999999999999",
                           "conv2d:1x256x14x14,256,3X3",
                           "dense:1x256,128x",
                           "dense:+1x256,128",
                           "dense:1x256,0",
                           "dense:1x256,128,bias,bias",
                           "dense:1x\n256,128"}) {
    EXPECT_THAT(Complaint(text), HasSubstr("\": ")) << text;
  }
}

}  // namespace
}  // namespace foothold::workload
