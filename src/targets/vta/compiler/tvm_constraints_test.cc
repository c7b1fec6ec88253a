// The known constraints of TVM's template say exactly which configs of small layers are refused.

#include <gtest/gtest.h>

#include <string>

#include "targets/vta/compiler/schedule_template.h"

namespace foothold::vta {
namespace {

const Geometry kSmallGeometry{.log_batch = 2,
                              .log_block = 3,
                              .log_inp_buff_size = 16,
                              .log_wgt_buff_size = 16,
                              .log_acc_buff_size = 18};
/// Scratchpads so small that capacity decides.
const Geometry kSmall{.log_uop_buff_size = 9,
                      .log_inp_buff_size = 12,
                      .log_wgt_buff_size = 14,
                      .log_acc_buff_size = 13};

/// How many configs the constraints allow.
std::uint64_t CheckAll(const std::string& shape, const Geometry& geometry) {
  const Result<Workload> workload = ParseInlineWorkload(shape);
  EXPECT_TRUE(workload.ok()) << workload.status().message();
  const ScheduleTemplate& tvm = TvmTemplate();
  const Space all = *tvm.MakeSpace(*workload, geometry);
  const Space known = *Space::Create(all.parameters(), tvm.KnownConstraints(*workload, geometry));
  const DramLayout dram = LayOut(*tvm.Shape(*workload, geometry), geometry);
  for (std::uint64_t i = 0; i < all.raw_size(); ++i) {
    const Config config = all.AtIndex(i);
    const CompiledSchedule compiled = tvm.Compile(*workload, geometry, dram, all.Values(config));
    const auto* rejection = std::get_if<Rejection>(&compiled.code);
    EXPECT_EQ(known.IsValid(config), rejection == nullptr)
        << shape << " " << all.ToString(config)
        << (rejection == nullptr ? "" : ": " + rejection->reason);
    if (::testing::Test::HasFailure()) break;
  }
  return known.valid_count();
}

TEST(TvmConstraintsTest, SayWhatIsRefused) {
  for (const char* shape :
       {"conv2d:1x64x14x14,64,3x3,pad=1", "conv2d:1x64x14x14,128,3x3,pad=1,stride=2,bias",
        "conv2d:1x64x28x28,64,1x1,stride=2", "conv2d:1x128x7x7,128,1x1,pad=3,stride=2",
        "conv2d:1x32x12x12,32,5x5", "conv2d:2x32x8x6,64,1x3,pad=0x1,bias",
        "conv2d:1x128x14x14,128,3x3,pad=1,groups=8", "conv2d:1x48x6x6,192,1x1,groups=3",
        "conv2d_transpose:1x64x8x8,64,4x4,pad=1,stride=2",
        "conv2d_transpose:1x32x7x5,32,3x3,stride=2,bias",
        "conv2d_transpose:1x32x5x5,32,1x1,stride=1", "dense:1x256,128", "dense:8x512,256,bias"}) {
    EXPECT_GT(CheckAll(shape, Geometry{}), 0U) << shape;
    CheckAll(shape, kSmall);
  }
  for (const char* shape : {"conv2d:4x32x8x8,64,3x3,pad=1,bias", "dense:16x64,64"})
    EXPECT_GT(CheckAll(shape, kSmallGeometry), 0U) << shape;
}

}  // namespace
}  // namespace foothold::vta
