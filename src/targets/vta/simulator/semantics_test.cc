#include "targets/vta/simulator/semantics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "targets/vta/simulator/simulator.h"
#include "targets/vta/simulator/testing/small_program.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

/// The default geometry on an RTL that holds 2,048 micro-ops.
Geometry SmallChisel() { return {.log_uop_memory = 11}; }

SimulationResult RunWith(TestProgram& test, Semantics semantics, const Geometry& geometry = {}) {
  Simulator simulator(geometry, FindTiming("tsim").value());
  SimulationOptions options;
  options.semantics = semantics;
  return simulator.Run(test.program, test.dram(), options);
}

std::int8_t Out(const TestProgram& test, std::size_t lane) {
  return static_cast<std::int8_t>(test.out[lane]);
}

TEST(SemanticsTest, NamesRoundTrip) {
  EXPECT_EQ(ParseSemantics("fsim"), Semantics::kFsim);
  EXPECT_EQ(ParseSemantics("chisel"), Semantics::kChisel);
  EXPECT_EQ(ParseSemantics("tsim"), std::nullopt);
}

TEST(SemanticsTest, APlainProgramHasOneAnswer) {
  TestProgram fsim = MakeOneTile();
  TestProgram chisel = MakeOneTile();
  ASSERT_TRUE(RunWith(fsim, Semantics::kFsim).finished());
  ASSERT_TRUE(RunWith(chisel, Semantics::kChisel).finished());
  EXPECT_EQ(fsim.out, chisel.out);
}

// Beyond the memory's end a micro-op lands on one before: the program ends, its answer is wrong.
TEST(SemanticsTest, MicroOpsBeyondTheMemoryOverwriteOthers) {
  const auto make = [] {
    TestProgram test = MakeOneTile();
    test.program.uops.assign(2049, MicroOp{});
    test.program.uops.back() = {100, 0, 0};  // takes the place of micro-op 0
    test.program.instructions[OneTile::kUop].x_size = 2049;
    return test;
  };
  TestProgram right = make(), wrong = make(), refused = make();
  ASSERT_TRUE(RunWith(right, Semantics::kChisel).finished());
  ASSERT_TRUE(RunWith(wrong, Semantics::kChisel, SmallChisel()).finished());
  EXPECT_NE(right.out, wrong.out);
  const SimulationResult result = RunWith(refused, Semantics::kFsim, SmallChisel());
  EXPECT_EQ(result.outcome, SimulationOutcome::kOutOfRange);
  EXPECT_THAT(result.message, HasSubstr("uop scratchpad: elements 0..2048 of 2048"));
}

// Each address is cut to its memory's size: what lies one size further is the same place.
TEST(SemanticsTest, AddressesWrapInEveryScratchpad) {
  TestProgram plain = MakeOneTile();
  ASSERT_TRUE(RunWith(plain, Semantics::kChisel).finished());
  const Geometry geometry;
  const auto depth = [](std::int64_t entries) { return static_cast<std::uint32_t>(entries); };
  TestProgram moved = MakeOneTile();
  std::vector<Instruction>& i = moved.program.instructions;
  i[OneTile::kInp].sram_base = depth(geometry.inp_depth());
  i[OneTile::kWgt].sram_base = depth(geometry.wgt_depth());
  i[OneTile::kUop].sram_base = depth(geometry.uop_depth());
  i[OneTile::kStore].sram_base = depth(geometry.acc_depth());
  ASSERT_TRUE(RunWith(moved, Semantics::kChisel).finished());
  EXPECT_EQ(plain.out, moved.out);
  EXPECT_EQ(RunWith(moved, Semantics::kFsim).outcome, SimulationOutcome::kOutOfRange);

  TestProgram uops = MakeOneTile();
  uops.program.uops[0] = {depth(geometry.acc_depth() - 4), depth(geometry.inp_depth() - 4), 0};
  uops.program.instructions[OneTile::kInp].sram_base = depth(geometry.inp_depth() - 4);
  uops.program.instructions[OneTile::kStore].sram_base = depth(geometry.acc_depth() - 4);
  ASSERT_TRUE(RunWith(uops, Semantics::kChisel).finished());
  EXPECT_EQ(plain.out, uops.out);
}

// STORE reads what GEMM and ALU wrote beside the accumulators; loaded accumulators are not there.
TEST(SemanticsTest, LoadedAccumulatorsAreNotStored) {
  const auto make = [] {
    TestProgram test = MakeOneTile();
    Instruction load = Row(MemoryId::kAcc, 8);
    load.push_next = true;
    Instruction store = Row(MemoryId::kOut, 8);
    store.pop_prev = store.push_prev = true;
    Instruction join = NoOp(Unit::kCompute);
    join.pop_next = true;
    test.program.instructions = {load, store, join, Finish()};
    return test;
  };
  TestProgram fsim = make(), chisel = make();
  ASSERT_TRUE(RunWith(fsim, Semantics::kFsim).finished());
  ASSERT_TRUE(RunWith(chisel, Semantics::kChisel).finished());
  EXPECT_TRUE(std::all_of(chisel.out.begin(), chisel.out.begin() + 128,
                          [](std::byte byte) { return byte == std::byte{0}; }));
  EXPECT_NE(fsim.out, chisel.out);
}

// Accumulator 0 holds `a` in every lane, 1 holds `b`; the ALU instruction writes accumulator 0.
TestProgram AluProgram(std::int32_t a, std::int32_t b, const Instruction& alu) {
  TestProgram test = MakeOneTile();
  test.program.uops[0] = {0, 1, 0};
  for (std::ptrdiff_t lane = 0; lane < 32; ++lane) {
    const std::int32_t value = lane < 16 ? a : b;
    std::copy_n(reinterpret_cast<const std::byte*>(&value), 4, test.acc.begin() + 4 * lane);
  }
  Instruction store = Row(MemoryId::kOut, 1);
  store.pop_prev = store.push_prev = true;
  Instruction join = NoOp(Unit::kCompute);
  join.pop_next = true;
  test.program.instructions = {
      Row(MemoryId::kUop, 1), Row(MemoryId::kAcc, 2), alu, store, join, Finish()};
  return test;
}

Instruction Alu(AluOpcode opcode, bool use_imm, std::int32_t imm) {
  Instruction alu = Loop(Opcode::kAlu, 1);
  alu.alu_opcode = opcode;
  alu.use_imm = use_imm;
  alu.imm = imm;
  alu.push_next = true;
  return alu;
}

TEST(SemanticsTest, ShiftsOfTensorsTakeFiveBitsAndTheImmediatesSign) {
  struct Case {
    std::int32_t value, amount, imm;
    int fsim, chisel;
  };
  for (const Case& c : {Case{64, 3, 0, 8, 8}, Case{64, 35, 0, 0, 8}, Case{1, -3, 0, 8, 0},
                        Case{1, -3, -1, 8, 8}, Case{64, 3, -1, 8, 0}}) {
    SCOPED_TRACE(c.amount);
    TestProgram fsim = AluProgram(c.value, c.amount, Alu(AluOpcode::kShr, false, c.imm));
    TestProgram chisel = fsim;
    ASSERT_TRUE(RunWith(fsim, Semantics::kFsim).finished());
    ASSERT_TRUE(RunWith(chisel, Semantics::kChisel).finished());
    EXPECT_EQ(Out(fsim, 0), c.fsim);
    EXPECT_EQ(Out(chisel, 0), c.chisel);
  }
}

TEST(SemanticsTest, AnImmediateMeetsTheSource) {
  TestProgram fsim = AluProgram(10, 20, Alu(AluOpcode::kAdd, true, 1));
  TestProgram chisel = fsim;
  ASSERT_TRUE(RunWith(fsim, Semantics::kFsim).finished());
  ASSERT_TRUE(RunWith(chisel, Semantics::kChisel).finished());
  EXPECT_EQ(Out(fsim, 0), 11);
  EXPECT_EQ(Out(chisel, 0), 21);
}

TEST(SemanticsTest, WhatTheRtlCannotDecodeOrEndIsRefused) {
  const auto message = [](TestProgram test) {
    const SimulationResult result = RunWith(test, Semantics::kChisel);
    EXPECT_EQ(result.outcome, SimulationOutcome::kBadInstruction);
    return result.message;
  };
  TestProgram test = MakeOneTile();
  test.program.instructions[OneTile::kAlu].alu_opcode = AluOpcode::kMul;
  EXPECT_THAT(message(test), HasSubstr("does not decode MUL"));
  test = MakeOneTile();
  test.program.instructions[OneTile::kGemm].iter_out = 0;
  EXPECT_THAT(message(test), HasSubstr("2^14 iterations"));
  test = MakeOneTile();
  test.program.instructions[OneTile::kReset] = Row(MemoryId::kAcc8, 1);
  EXPECT_THAT(message(test), HasSubstr("8-bit accumulators"));
}

// 300 no-ops signal compute before it pops once: 45 signals find the counter at 255.
TEST(SemanticsTest, TokensBeyondTheCounterAreLost) {
  std::vector<Instruction> program;
  Instruction busy = Loop(Opcode::kGemm, 4000);
  busy.reset = true;
  busy.dst_factor_in = busy.src_factor_in = 0;
  program.push_back(busy);
  Instruction signal = NoOp(Unit::kLoad);
  signal.push_next = true;
  program.insert(program.end(), 300, signal);
  Instruction wait = NoOp(Unit::kCompute);
  wait.pop_prev = true;
  program.insert(program.end(), 300, wait);
  program.push_back(Finish());
  TestProgram test = MakeOneTile();
  test.program.instructions = program;
  Simulator chisel(Geometry{}, FindTiming("tsim").value());
  const SimulationResult lost = chisel.RunTiming(test.program);
  EXPECT_EQ(lost.outcome, SimulationOutcome::kDeadlock);
  EXPECT_THAT(lost.message, HasSubstr("45 token(s) were lost"));
  Simulator hls(Geometry{}, FindTiming("pynq").value());
  EXPECT_TRUE(hls.RunTiming(test.program).finished());
}

}  // namespace
}  // namespace foothold::vta
