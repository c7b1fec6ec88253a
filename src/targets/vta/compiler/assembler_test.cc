#include "targets/vta/compiler/assembler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "targets/vta/compiler/tvm_template.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

Workload Conv(Conv2d conv) { return {"test", conv, {}}; }

std::variant<DeviceProgram, Rejection> Compile(const Workload& workload,
                                               std::vector<std::int64_t> values,
                                               const Geometry& geometry = {}) {
  auto lowered = LowerTvmTemplate(workload, geometry, values);
  if (auto* rejection = std::get_if<Rejection>(&lowered)) return *rejection;
  return Assemble(std::get<LoweredProgram>(lowered), geometry,
                  LayOut(*BlockShape(workload, geometry), geometry));
}

DeviceProgram Compiled(const Workload& workload, std::vector<std::int64_t> values,
                       const Geometry& geometry = {}) {
  auto compiled = Compile(workload, std::move(values), geometry);
  EXPECT_TRUE(std::holds_alternative<DeviceProgram>(compiled))
      << std::get<Rejection>(compiled).reason;
  return std::holds_alternative<DeviceProgram>(compiled) ? std::get<DeviceProgram>(compiled)
                                                         : DeviceProgram{};
}

Rejection Refused(const Workload& workload, std::vector<std::int64_t> values) {
  auto compiled = Compile(workload, std::move(values));
  EXPECT_TRUE(std::holds_alternative<Rejection>(compiled));
  return std::holds_alternative<Rejection>(compiled) ? std::get<Rejection>(compiled) : Rejection{};
}

const Workload kC8 = Conv({1, 256, 14, 14, 256, 3, 3, 1, 1, 1, 1});

/// The stream of docs/reference/vta-and-autotvm.md#instruction-stream for ResNet-18's C8, one line
/// per instruction: LOAD/STORE by memory, GEMM, ALU.
std::vector<std::string> Names(const DeviceProgram& program) {
  static const std::map<MemoryId, std::string> memories = {{MemoryId::kUop, "uop"},
                                                           {MemoryId::kWgt, "wgt"},
                                                           {MemoryId::kInp, "inp"},
                                                           {MemoryId::kAcc, "acc"},
                                                           {MemoryId::kOut, "out"}};
  static const std::map<AluOpcode, std::string> alus = {{AluOpcode::kMin, "min"},
                                                        {AluOpcode::kMax, "max"},
                                                        {AluOpcode::kAdd, "add"},
                                                        {AluOpcode::kShr, "shr"}};
  std::vector<std::string> names;
  for (const Instruction& i : program.instructions) {
    const bool memory = i.opcode == Opcode::kLoad || i.opcode == Opcode::kStore;
    if (memory && i.x_size == 0) continue;  // no-ops
    if (memory) names.push_back(memories.at(i.memory));
    if (i.opcode == Opcode::kGemm) names.push_back(i.reset ? "reset" : "gemm");
    if (i.opcode == Opcode::kAlu) names.push_back(alus.at(i.alu_opcode));
    if (i.opcode == Opcode::kFinish) names.push_back("finish");
  }
  return names;
}

TEST(AssemblerTest, TheStreamOfOneTileIsThatOfTheReference) {
  const Workload small = Conv({1, 32, 4, 4, 16, 3, 3, 1, 1, 1, 1});
  EXPECT_THAT(
      Names(Compiled(small, {1, 4, 4, 1, 1, 1, 1})),
      ::testing::ElementsAre("uop", "reset", "inp", "wgt", "uop", "gemm", "inp", "wgt", "gemm",
                             "uop", "shr", "uop", "min", "uop", "max", "out", "finish"));
}

TEST(AssemblerTest, VirtualThreadsTakeTurnsStatementByStatement) {
  const Workload small = Conv({1, 16, 4, 4, 32, 1, 1, 0, 0, 1, 1});
  EXPECT_THAT(
      Names(Compiled(small, {1, 4, 4, 1, 1, 2, 1})),
      ::testing::ElementsAre("uop", "reset", "uop", "reset", "inp", "wgt", "inp", "wgt", "uop",
                             "gemm", "uop", "shr", "uop", "min", "uop", "max", "uop", "gemm", "uop",
                             "shr", "uop", "min", "uop", "max", "out", "out", "finish"));
}

TEST(AssemblerTest, BiasIsLoadedBeforeItIsAdded) {
  Workload small = Conv({1, 16, 4, 4, 16, 1, 1, 0, 0, 1, 1});
  small.requantize.bias = true;
  EXPECT_THAT(
      Names(Compiled(small, {1, 4, 4, 1, 1, 1, 1})),
      ::testing::ElementsAre("uop", "reset", "inp", "wgt", "uop", "gemm", "uop", "shr", "acc",
                             "uop", "add", "uop", "min", "uop", "max", "out", "finish"));
}

TEST(AssemblerTest, EveryWaitHasItsSignal) {
  for (const std::vector<std::int64_t>& values : {std::vector<std::int64_t>{1, 7, 14, 1, 2, 1, 2},
                                                  {1, 14, 14, 1, 4, 2, 1},
                                                  {1, 14, 7, 1, 1, 1, 1}}) {
    // Tokens by queue: load->compute, compute->load, compute->store, store->compute.
    std::int64_t tokens[4] = {};
    for (const Instruction& i : Compiled(kC8, values).instructions) {
      const bool load_queue =
          i.opcode == Opcode::kLoad && (i.memory == MemoryId::kInp || i.memory == MemoryId::kWgt);
      if (load_queue) {
        tokens[1] -= i.pop_next;
        tokens[0] += i.push_next;
      } else if (i.opcode == Opcode::kStore) {
        tokens[2] -= i.pop_prev;
        tokens[3] += i.push_prev;
      } else {
        tokens[0] -= i.pop_prev;
        tokens[3] -= i.pop_next;
        tokens[1] += i.push_prev;
        tokens[2] += i.push_next;
      }
      for (std::int64_t count : tokens) ASSERT_GE(count, 0);
    }
    for (std::int64_t count : tokens) EXPECT_EQ(count, 0);
  }
}

TEST(AssemblerTest, PaddingIsClippedAtTheImage) {
  const DeviceProgram program = Compiled(kC8, {1, 7, 14, 1, 1, 1, 1});
  std::vector<Instruction> loads;
  for (const Instruction& i : program.instructions) {
    if (i.opcode == Opcode::kLoad && i.memory == MemoryId::kInp && i.x_size > 0) loads.push_back(i);
  }
  const Instruction& top = loads.front();
  EXPECT_EQ(top.y_pad_0, 1U);
  EXPECT_EQ(top.y_size, 8U);
  EXPECT_EQ(top.y_pad_1, 0U);
  EXPECT_EQ(top.x_pad_0, 1U);
  EXPECT_EQ(top.x_size, 14U);
  EXPECT_EQ(top.x_pad_1, 1U);
  const Instruction& bottom = loads.back();
  EXPECT_EQ(bottom.y_pad_0, 0U);
  EXPECT_EQ(bottom.y_pad_1, 1U);
  EXPECT_EQ(bottom.dram_base - 4096 / 16, 15U * 196 + 6 * 14);
}

TEST(AssemblerTest, RejectionsNameStageAndNumbers) {
  EXPECT_EQ(Refused(kC8, {1, 14, 14, 16, 1, 1, 1}).reason,
            "input scratchpad: needs 65,536 B of 32,768 B");
  EXPECT_EQ(Refused(kC8, {1, 14, 14, 1, 16, 1, 1}).reason,
            "accumulator scratchpad: needs 200,704 B of 131,072 B");
  EXPECT_EQ(Refused(kC8, {1, 1, 1, 16, 16, 1, 1}).reason,
            "weight scratchpad: needs 589,824 B of 262,144 B");
  EXPECT_THAT(Refused(kC8, {1, 14, 14, 2, 1, 1, 1}).reason,
              HasSubstr("padding falls on an inner loop"));
  EXPECT_THAT(Refused(kC8, {1, 7, 7, 1, 2, 1, 1}).reason,
              HasSubstr("output copy is not a 2-D transfer"));
  EXPECT_THAT(Refused(kC8, {1, 2, 14, 1, 1, 1, 2}).reason, HasSubstr("7 tiles along the height"));
}

// TVM's lowering accepts two thread axes, and the runtime's JIT refuses them; with a bias lowering
// fails already.
TEST(AssemblerTest, TwoThreadAxesFailInTheJitOrWithABiasInLowering) {
  const Rejection both = Refused(kC8, {1, 1, 1, 1, 4, 2, 2});
  EXPECT_EQ(both.stage, "jit.signature");
  EXPECT_EQ(both.phase, Phase::kJit);
  Workload with_bias = kC8;
  with_bias.requantize.bias = true;
  EXPECT_EQ(Refused(with_bias, {1, 1, 1, 1, 4, 2, 2}).stage, "lower.alu");
}

// An image of 224 x 224 in tiles of one element.
TEST(AssemblerTest, TheRuntimesInstructionBufferIsALimit) {
  const Workload workload = Conv({1, 64, 224, 224, 64, 3, 3, 1, 1, 1, 1});
  const Rejection refused = Refused(workload, {1, 1, 1, 1, 1, 2, 1});
  EXPECT_EQ(refused.phase, Phase::kJit);
  EXPECT_EQ(refused.stage, "jit.instructions");
  EXPECT_THAT(refused.reason, HasSubstr("the runtime's 2^25 bytes hold 2,097,152"));
  // The outline, which is what a tuner builds, says the same.
  const Geometry geometry;
  const auto lowered =
      LowerTvmTemplate(workload, geometry, std::vector<std::int64_t>{1, 1, 1, 1, 1, 2, 1});
  const auto outline = AssembleOutline(std::get<LoweredProgram>(lowered), geometry,
                                       LayOut(*BlockShape(workload, geometry), geometry), 1);
  ASSERT_TRUE(std::holds_alternative<Rejection>(outline));
  EXPECT_EQ(std::get<Rejection>(outline).reason, refused.reason);
  // Tiles of two rows: half as many.
  const auto fits =
      LowerTvmTemplate(workload, geometry, std::vector<std::int64_t>{1, 4, 1, 1, 1, 2, 1});
  EXPECT_TRUE(std::holds_alternative<ProgramOutline>(
      AssembleOutline(std::get<LoweredProgram>(fits), geometry,
                      LayOut(*BlockShape(workload, geometry), geometry), 1)));
}

}  // namespace
}  // namespace foothold::vta
