#include "tests/cli/small_program.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "targets/vta/isa/program_files.h"

namespace foothold::testing_cli {
namespace {

using vta::Instruction;
using vta::MemoryId;
using vta::Opcode;

constexpr int kBlock = 16;
constexpr std::uint64_t kInpAddress = 0x1000, kWgtAddress = 0x2000, kOutAddress = 0x3000,
                        kUopAddress = 0x4000, kAccAddress = 0x5000;

// Moves one element between the start of a tensor and the start of its scratchpad.
Instruction Move(Opcode opcode, MemoryId memory, std::uint64_t address, int element_bytes) {
  Instruction i;
  i.opcode = opcode;
  i.memory = memory;
  i.dram_base = static_cast<std::uint32_t>(address / static_cast<std::uint64_t>(element_bytes));
  i.y_size = i.x_size = i.x_stride = 1;
  return i;
}

// One iteration of micro-op 0.
Instruction Once(Opcode opcode) {
  Instruction i;
  i.opcode = opcode;
  i.uop_end = i.iter_out = i.iter_in = 1;
  return i;
}

std::vector<Instruction> Instructions() {
  Instruction uop = Move(Opcode::kLoad, MemoryId::kUop, kUopAddress, 4);
  Instruction reset = Once(Opcode::kGemm);
  reset.reset = reset.push_prev = true;
  Instruction inp = Move(Opcode::kLoad, MemoryId::kInp, kInpAddress, kBlock);
  inp.pop_next = true;
  Instruction wgt = Move(Opcode::kLoad, MemoryId::kWgt, kWgtAddress, kBlock * kBlock);
  wgt.push_next = true;
  Instruction gemm = Once(Opcode::kGemm);
  gemm.pop_prev = true;
  Instruction relu = Once(Opcode::kAlu);
  relu.alu_opcode = vta::AluOpcode::kMax;
  relu.use_imm = relu.push_next = true;
  Instruction store = Move(Opcode::kStore, MemoryId::kOut, kOutAddress, kBlock);
  store.pop_prev = store.push_prev = true;
  Instruction join;  // a no-op of the compute unit that waits for the store
  join.opcode = Opcode::kLoad;
  join.memory = MemoryId::kUop;
  join.pop_next = true;
  Instruction finish;
  finish.opcode = Opcode::kFinish;
  return {uop, reset, inp, wgt, gemm, relu, store, join, finish};
}

vta::ProgramFiles Files() {
  vta::ProgramFiles files;
  files.program.instructions = Instructions();
  files.program.uops = {vta::MicroOp{}};
  files.program.inp_address = kInpAddress;
  files.program.wgt_address = kWgtAddress;
  files.program.out_address = kOutAddress;
  files.program.uop_address = kUopAddress;
  files.program.acc_address = kAccAddress;
  files.listed = vta::AddressesOf(files.program);
  files.weight.resize(kBlock * kBlock);
  files.out_initial.resize(kBlock);
  files.expected_out.emplace();
  for (int i = 0; i < kBlock; ++i) {
    files.input.push_back(static_cast<std::byte>(i - 8));
    files.weight[static_cast<std::size_t>(i * (kBlock + 1))] = std::byte{1};
    files.expected_out->push_back(static_cast<std::byte>(std::max(i - 8, 0)));
  }
  return files;
}

void Write(const vta::ProgramFiles& files, const std::string& directory) {
  const Status status = vta::DumpProgramFiles(*Env::Default(), directory, files, vta::Geometry{});
  ASSERT_TRUE(status.ok()) << status.message();
}

}  // namespace

void WriteSmallProgram(const std::string& directory) { Write(Files(), directory); }

void WriteDeadlockedProgram(const std::string& directory) {
  vta::ProgramFiles files = Files();
  for (Instruction& i : files.program.instructions) {
    if (i.memory == MemoryId::kWgt) i.push_next = false;
  }
  Write(files, directory);
}

}  // namespace foothold::testing_cli
