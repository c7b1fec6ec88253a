#include "targets/vta/compiler/command_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::vta {
namespace {

Instruction LoadInput() {
  Instruction load;
  load.opcode = Opcode::kLoad;
  load.memory = MemoryId::kInp;
  load.y_size = load.x_size = load.x_stride = 1;
  return load;
}

UopKernel Kernel(std::size_t uops) {
  UopKernel kernel;
  kernel.instruction.opcode = Opcode::kGemm;
  kernel.instruction.iter_out = kernel.instruction.iter_in = 1;
  kernel.uops.resize(uops);
  for (std::size_t i = 0; i < uops; ++i) kernel.uops[i].dst = static_cast<std::uint32_t>(i);
  return kernel;
}

std::vector<Instruction> UopLoads(const DeviceProgram& program) {
  std::vector<Instruction> loads;
  for (const Instruction& i : program.instructions) {
    if (i.opcode == Opcode::kLoad && i.memory == MemoryId::kUop && i.x_size > 0) loads.push_back(i);
  }
  return loads;
}

TEST(CommandStreamTest, FlagsAttachToNeighbouringInstructions) {
  CommandStream stream({}, 0);
  const std::size_t kernel = stream.AddKernel(Kernel(1));
  stream.Memory(Stage::kLoad, LoadInput());
  stream.Push(Stage::kLoad, Stage::kCompute);
  stream.Pop(Stage::kLoad, Stage::kCompute);
  stream.Run(kernel);
  const DeviceProgram program = stream.Finish();
  EXPECT_TRUE(program.instructions[0].push_next);
  // The micro-op load is the first compute instruction after the wait, so it carries it.
  EXPECT_EQ(program.instructions[1].memory, MemoryId::kUop);
  EXPECT_TRUE(program.instructions[1].pop_prev);
  EXPECT_EQ(program.instructions[2].opcode, Opcode::kGemm);
  EXPECT_FALSE(program.instructions[2].pop_prev);
}

TEST(CommandStreamTest, ASignalOfAnEarlierInstructionNeedsANoop) {
  CommandStream stream({}, 0);
  stream.Memory(Stage::kLoad, LoadInput());
  const std::size_t kernel = stream.AddKernel(Kernel(1));
  stream.Run(kernel);
  stream.Push(Stage::kLoad, Stage::kCompute);
  const DeviceProgram program = stream.Finish();
  EXPECT_FALSE(program.instructions[0].push_next);
  EXPECT_EQ(program.instructions[3].opcode, Opcode::kLoad);
  EXPECT_EQ(program.instructions[3].x_size, 0U);
  EXPECT_TRUE(program.instructions[3].push_next);
}

TEST(CommandStreamTest, TwoWaitsOfOneKindNeedANoop) {
  CommandStream stream({}, 0);
  stream.Pop(Stage::kCompute, Stage::kLoad);
  stream.Pop(Stage::kCompute, Stage::kLoad);
  stream.Memory(Stage::kLoad, LoadInput());
  const DeviceProgram program = stream.Finish();
  EXPECT_EQ(program.instructions[0].x_size, 0U);
  EXPECT_TRUE(program.instructions[0].pop_next);
  EXPECT_EQ(program.instructions[1].x_size, 1U);
  EXPECT_TRUE(program.instructions[1].pop_next);
}

TEST(CommandStreamTest, EndsWithAllStagesJoinedAndFinish) {
  CommandStream stream({}, 0);
  const DeviceProgram program = stream.Finish();
  EXPECT_EQ(program.instructions.back().opcode, Opcode::kFinish);
  int pushes = 0, pops = 0;
  for (const Instruction& i : program.instructions) {
    pushes += i.push_prev + i.push_next;
    pops += i.pop_prev + i.pop_next;
  }
  EXPECT_EQ(pushes, 2);
  EXPECT_EQ(pops, 2);
}

TEST(CommandStreamTest, ResidentKernelsAreLoadedOnce) {
  CommandStream stream({}, 4096);
  const std::size_t a = stream.AddKernel(Kernel(3)), b = stream.AddKernel(Kernel(5));
  for (int i = 0; i < 4; ++i) {
    stream.Run(a);
    stream.Run(b);
  }
  const auto loads = UopLoads(stream.Finish());
  ASSERT_EQ(loads.size(), 2U);
  EXPECT_EQ(loads[0].dram_base, 1024U);
  EXPECT_EQ(loads[1].dram_base, 1027U);
  EXPECT_EQ(loads[1].sram_base, 3U);
}

// TVM's runtime forgets where an evicted kernel lay in DRAM
// (docs/reference/vta-and-autotvm.md#micro-op-cache); ours must not.
TEST(CommandStreamTest, EvictedKernelsComeBackFromTheirOwnPlace) {
  const Geometry geometry;
  const auto most = static_cast<std::size_t>(geometry.uop_depth()) - 1;
  CommandStream stream(geometry, 0);
  const std::size_t big = stream.AddKernel(Kernel(most)), small = stream.AddKernel(Kernel(2));
  stream.Run(big);
  stream.Run(small);
  stream.Run(big);
  const DeviceProgram program = stream.Finish();
  const auto loads = UopLoads(program);
  ASSERT_EQ(loads.size(), 3U);
  EXPECT_EQ(loads[1].dram_base, most);
  EXPECT_EQ(loads[1].sram_base, 0U);
  EXPECT_EQ(loads[2].dram_base, 0U);
  EXPECT_EQ(program.uops.size(), most + 2);
}

}  // namespace
}  // namespace foothold::vta
