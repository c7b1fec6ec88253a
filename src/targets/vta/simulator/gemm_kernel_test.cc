#include "targets/vta/simulator/gemm_kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "foothold/rng.h"

namespace foothold::vta {
namespace {

struct GemmCase {
  GemmKernelKind kind;
  int log_batch;
  int log_block;
};

class GemmKernelTest : public ::testing::TestWithParam<GemmCase> {
 protected:
  static Geometry SmallGeometry(const GemmCase& c) {
    Geometry geometry;
    geometry.log_batch = c.log_batch;
    geometry.log_block = c.log_block;
    geometry.log_inp_buff_size = geometry.log_inp_elem_bytes() + 6;
    geometry.log_wgt_buff_size = geometry.log_wgt_elem_bytes() + 6;
    geometry.log_acc_buff_size = geometry.log_acc_elem_bytes() + 6;
    return geometry;
  }
};

// Uniform, or only the extremes.
std::vector<std::byte> RandomBytes(std::size_t size, bool extremes, Rng* rng) {
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(rng->Below(256));
    if (extremes) byte = rng->Below(2) == 0 ? std::byte{0x80} : std::byte{0x7f};
  }
  return bytes;
}

// Loops whose indices all stay below 64.
GemmLoops RandomLoops(Rng* rng, std::vector<MicroOp>* uops) {
  GemmLoops loops;
  loops.iter_out = static_cast<std::uint32_t>(1 + rng->Below(4));
  loops.iter_in = static_cast<std::uint32_t>(1 + rng->Below(4));
  for (std::uint32_t* factor : {&loops.dst_out, &loops.dst_in, &loops.src_out, &loops.src_in,
                                &loops.wgt_out, &loops.wgt_in})
    *factor = static_cast<std::uint32_t>(rng->Below(6));
  if (rng->Below(2) == 0) loops.wgt_in = 0;
  if (rng->Below(2) == 0) loops.wgt_out = 0;
  uops->resize(1 + rng->Below(8));
  for (MicroOp& uop : *uops)
    uop = {static_cast<std::uint32_t>(rng->Below(34)), static_cast<std::uint32_t>(rng->Below(34)),
           static_cast<std::uint32_t>(rng->Below(4))};
  loops.uops = *uops;
  return loops;
}

TEST_P(GemmKernelTest, GivesTheBitsOfThePlainLoops) {
  const Geometry geometry = SmallGeometry(GetParam());
  if (!Supports(GetParam().kind, geometry))
    GTEST_SKIP() << "this machine has no " << ToString(GetParam().kind);
  const auto fast = MakeGemmKernel(GetParam().kind, geometry);
  const auto plain = MakeGemmKernel(GemmKernelKind::kScalar, geometry);
  const auto lanes = static_cast<std::size_t>(geometry.batch() * geometry.block());
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    const auto inputs =
        RandomBytes(64 * static_cast<std::size_t>(geometry.inp_elem_bytes()), seed % 3 == 0, &rng);
    const auto weights =
        RandomBytes(64 * static_cast<std::size_t>(geometry.wgt_elem_bytes()), seed % 3 == 0, &rng);
    // Accumulators next to the ends, so that they wrap.
    std::vector<std::int32_t> acc(64 * lanes);
    for (std::int32_t& value : acc)
      value = static_cast<std::int32_t>(static_cast<std::uint32_t>(rng.Below(1000)) + 0x7ffffe00U);
    std::vector<std::int32_t> expected = acc;
    std::vector<MicroOp> uops;
    const GemmLoops loops = RandomLoops(&rng, &uops);
    const std::size_t hole = rng.Below(60);
    for (GemmKernel* kernel : {fast.get(), plain.get()}) {
      kernel->Fill(static_cast<std::int8_t>(seed));
      const auto element = static_cast<std::size_t>(geometry.inp_elem_bytes());
      kernel->LoadInputs(1, inputs.data(), hole);
      kernel->LoadInputs(1 + hole, inputs.data() + hole * element, 60 - hole);
      kernel->LoadWeights(2, weights.data(), 50);
      kernel->ZeroInputs(hole, 3);
      kernel->ZeroWeights(hole / 2, 2);
      kernel->Multiply(loops, kernel == fast.get() ? acc.data() : expected.data());
    }
    ASSERT_EQ(acc, expected) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, GemmKernelTest,
    ::testing::Values(
        GemmCase{GemmKernelKind::kAvx2, 0, 3}, GemmCase{GemmKernelKind::kAvx2, 2, 3},
        GemmCase{GemmKernelKind::kAvx2, 0, 4}, GemmCase{GemmKernelKind::kAvx2, 1, 4},
        GemmCase{GemmKernelKind::kAvx2, 0, 5}, GemmCase{GemmKernelKind::kAvx512Vnni, 0, 3},
        GemmCase{GemmKernelKind::kAvx512Vnni, 2, 3}, GemmCase{GemmKernelKind::kAvx512Vnni, 0, 4},
        GemmCase{GemmKernelKind::kAvx512Vnni, 1, 4}, GemmCase{GemmKernelKind::kAvx512Vnni, 0, 5}),
    [](const ::testing::TestParamInfo<GemmCase>& c) {
      return std::string(ToString(c.param.kind)) + "_" + std::to_string(1 << c.param.log_batch) +
             "x" + std::to_string(1 << c.param.log_block);
    });

}  // namespace
}  // namespace foothold::vta
