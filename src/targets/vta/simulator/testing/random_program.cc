#include "targets/vta/simulator/testing/random_program.h"

#include <algorithm>

#include "targets/vta/simulator/units.h"
#include "targets/vta/simulator/work.h"

namespace foothold::vta {
namespace {

constexpr std::uint32_t kElements = 64;  // of each tensor, and of each scratchpad that is used

std::uint32_t Base(std::uint64_t address, int log_bytes) {
  return static_cast<std::uint32_t>(address >> log_bytes);
}

std::uint32_t Pick(Rng* rng, std::uint32_t low, std::uint32_t high) {
  return low + static_cast<std::uint32_t>(rng->Below(high - low + 1));
}

Instruction Sync(Unit unit) {
  Instruction i;
  i.opcode = unit == Unit::kStore ? Opcode::kStore : Opcode::kLoad;
  i.memory = unit == Unit::kStore ? MemoryId::kOut
                                  : (unit == Unit::kLoad ? MemoryId::kInp : MemoryId::kUop);
  return i;
}

/// A transfer of random shape that stays within kElements on both sides.
Instruction RandomTransfer(const Geometry& geometry, const DeviceProgram& program, MemoryId memory,
                           Rng* rng) {
  Instruction i;
  i.opcode = memory == MemoryId::kOut ? Opcode::kStore : Opcode::kLoad;
  i.memory = memory;
  i.y_size = Pick(rng, 1, 3);
  i.x_size = Pick(rng, 1, 4);
  i.x_stride = Pick(rng, i.x_size, 8);
  if (memory != MemoryId::kOut && rng->Below(2) == 0)
    for (std::uint32_t* pad : {&i.y_pad_0, &i.y_pad_1, &i.x_pad_0, &i.x_pad_1})
      *pad = Pick(rng, 0, 2);
  const std::uint32_t occupied =
      (i.x_pad_0 + i.x_size + i.x_pad_1) * (i.y_pad_0 + i.y_size + i.y_pad_1);  // at most 8 x 7
  i.sram_base = Pick(rng, 0, kElements - occupied);
  const std::uint32_t span = (i.y_size - 1) * i.x_stride + i.x_size;  // at most 20
  const std::uint64_t addresses[] = {program.uop_address, program.wgt_address, program.inp_address,
                                     program.acc_address, program.out_address, program.acc_address};
  const auto m = static_cast<std::size_t>(memory);
  i.dram_base =
      Base(addresses[m], LogDramElementBytes(geometry, memory)) + Pick(rng, 0, kElements - span);
  return i;
}

/// Micro-op fields below 28 and factors up to 3, three iterations each way: indices stay below 64.
Instruction RandomLoop(Rng* rng) {
  Instruction i;
  i.opcode = rng->Below(2) == 0 ? Opcode::kGemm : Opcode::kAlu;
  i.uop_begin = Pick(rng, 0, 10);
  i.uop_end = i.uop_begin + Pick(rng, 0, 5);
  i.iter_out = Pick(rng, 0, 4);
  i.iter_in = Pick(rng, 1, 4);
  for (std::uint32_t* factor :
       {&i.dst_factor_out, &i.dst_factor_in, &i.src_factor_out, &i.src_factor_in})
    *factor = Pick(rng, 0, 3);
  if (i.opcode == Opcode::kGemm) {
    i.reset = rng->Below(5) == 0;
    i.wgt_factor_out = Pick(rng, 0, 3);
    i.wgt_factor_in = Pick(rng, 0, 1) * Pick(rng, 0, 3);
    return i;
  }
  i.alu_opcode = static_cast<AluOpcode>(rng->Below(5));
  i.use_imm = rng->Below(2) == 0;
  i.imm = i.use_imm ? static_cast<std::int32_t>(rng->Below(81)) - 40 : 0;
  return i;
}

/// Adds an instruction and the tokens that make it wait for the one before, through compute if need
/// be.
void AppendInOrder(Instruction next, std::vector<Instruction>* instructions) {
  if (!instructions->empty()) {
    const Unit from = Route(instructions->back());
    const Unit to = Route(next);
    if (from != to && from != Unit::kCompute && to != Unit::kCompute)
      AppendInOrder(Sync(Unit::kCompute), instructions);
    Instruction& last = instructions->back();
    const Unit before = Route(last);
    if (before == Unit::kLoad && to == Unit::kCompute) last.push_next = next.pop_prev = true;
    if (before == Unit::kCompute && to == Unit::kLoad) last.push_prev = next.pop_next = true;
    if (before == Unit::kCompute && to == Unit::kStore) last.push_next = next.pop_prev = true;
    if (before == Unit::kStore && to == Unit::kCompute) last.push_prev = next.pop_next = true;
  }
  instructions->push_back(next);
}

/// Builds the pipelined program: each tile has half of every scratchpad.
class Pipeline {
 public:
  Pipeline(const Geometry& geometry, TestProgram* test, Rng* rng)
      : geometry_(geometry),
        test_(test),
        rng_(rng),
        tiles_(2 * Pick(rng, 1, 4)),
        steps_(Pick(rng, 1, 4)) {
    rows_ = Pick(rng, 1, 4);
    for (std::uint32_t half = 0; half < 2; ++half)
      for (std::uint32_t row = 0; row < rows_; ++row)
        test->program.uops[half * rows_ + row] = {half * 32 + row * 4, half * 32 + row, half * 32};
  }

  void Build() {
    Instruction uops = Transfer(MemoryId::kUop, 0, 2 * rows_, 0);
    Emit(uops);
    for (int half = 0; half < 2; ++half) {
      Emit(With(Sync(Unit::kStore), &Instruction::push_prev));
    }
    for (std::uint32_t tile = 0; tile < tiles_; tile += 2) TilePair(tile);
    Emit(With(Sync(Unit::kLoad), &Instruction::push_next));
    for (int half = 0; half < 2; ++half) Emit(With(Sync(Unit::kCompute), &Instruction::pop_next));
    Emit(With(Sync(Unit::kCompute), &Instruction::pop_prev));
    Emit(Instruction{});
  }

 private:
  // Each group is repeated for both halves, so that one is loaded while the other is computed.
  void TilePair(std::uint32_t tile) {
    for (std::uint32_t half = 0; half < 2; ++half) Reset(half);
    for (std::uint32_t step = 0; step < steps_; ++step) {
      for (std::uint32_t half = 0; half < 2; ++half) Load(half);
      for (std::uint32_t half = 0; half < 2; ++half) Multiply(half);
    }
    for (int half = 0; half < 2; ++half) Emit(With(Sync(Unit::kLoad), &Instruction::pop_next));
    for (std::uint32_t half = 0; half < 2; ++half) Shift(half);
    for (std::uint32_t half = 0; half < 2; ++half) Store(half, tile + half);
  }

  void Reset(std::uint32_t half) {
    Instruction reset = Loop(Opcode::kGemm, half);
    reset.reset = true;
    reset.pop_next = reset.push_prev = true;
    Emit(reset);
  }

  void Load(std::uint32_t half) {
    Instruction inp = Transfer(MemoryId::kInp, half * 32, Pick(rng_, 8, 32), Pick(rng_, 0, 32));
    inp.pop_next = true;
    Emit(inp);
    Instruction wgt = Transfer(MemoryId::kWgt, half * 32, Pick(rng_, 4, 32), Pick(rng_, 0, 32));
    wgt.push_next = true;
    Emit(wgt);
  }

  void Multiply(std::uint32_t half) {
    Instruction gemm = Loop(Opcode::kGemm, half);
    gemm.src_factor_out = gemm.wgt_factor_out = 1;
    gemm.pop_prev = gemm.push_prev = true;
    Emit(gemm);
  }

  void Shift(std::uint32_t half) {
    Instruction shift = Loop(Opcode::kAlu, half);
    shift.alu_opcode = AluOpcode::kShr;
    shift.use_imm = true;
    shift.imm = static_cast<std::int32_t>(Pick(rng_, 0, 8));
    shift.push_next = true;
    Emit(shift);
  }

  void Store(std::uint32_t half, std::uint32_t tile) {
    Instruction store = Transfer(MemoryId::kOut, half * 32, rows_ * 4, (tile * rows_ * 4) % 48);
    store.pop_prev = store.push_prev = true;
    Emit(store);
  }

  Instruction Loop(Opcode opcode, std::uint32_t half) const {
    Instruction i;
    i.opcode = opcode;
    i.uop_begin = half * rows_;
    i.uop_end = i.uop_begin + rows_;
    i.iter_out = i.iter_in = 2;
    i.dst_factor_out = 2;
    i.dst_factor_in = 1;
    return i;
  }

  Instruction Transfer(MemoryId memory, std::uint32_t sram, std::uint32_t count,
                       std::uint32_t element) const {
    const DeviceProgram& p = test_->program;
    const std::uint64_t addresses[] = {p.uop_address, p.wgt_address, p.inp_address, p.acc_address,
                                       p.out_address};
    Instruction i;
    i.opcode = memory == MemoryId::kOut ? Opcode::kStore : Opcode::kLoad;
    i.memory = memory;
    i.sram_base = sram;
    i.dram_base =
        Base(addresses[static_cast<std::size_t>(memory)], LogDramElementBytes(geometry_, memory)) +
        element;
    i.y_size = 1;
    i.x_size = i.x_stride = count;
    return i;
  }

  static Instruction With(Instruction i, bool Instruction::*flag) {
    i.*flag = true;
    return i;
  }
  void Emit(const Instruction& i) { test_->program.instructions.push_back(i); }

  const Geometry& geometry_;
  TestProgram* test_;
  Rng* rng_;
  std::uint32_t tiles_;
  std::uint32_t steps_;
  std::uint32_t rows_ = 1;
};

}  // namespace

TestProgram RandomTensors(const Geometry& geometry, std::size_t elements, Rng* rng) {
  TestProgram test;
  const auto fill = [&](std::vector<std::byte>* bytes, std::int64_t element_bytes) {
    bytes->resize(elements * static_cast<std::size_t>(element_bytes));
    for (std::byte& byte : *bytes) byte = static_cast<std::byte>(rng->Below(256));
  };
  fill(&test.inp, geometry.inp_elem_bytes());
  fill(&test.wgt, geometry.wgt_elem_bytes());
  fill(&test.acc, geometry.acc_elem_bytes());
  fill(&test.out, geometry.out_elem_bytes());
  test.program.uops.resize(elements);
  constexpr std::uint64_t kRegion = 1 << 20;
  test.program.inp_address = 1 * kRegion;
  test.program.wgt_address = 2 * kRegion;
  test.program.out_address = 3 * kRegion;
  test.program.uop_address = 4 * kRegion;
  test.program.acc_address = 5 * kRegion;
  return test;
}

TestProgram RandomSerialProgram(const Geometry& geometry, Rng* rng) {
  TestProgram test = RandomTensors(geometry, kElements, rng);
  for (MicroOp& uop : test.program.uops)
    uop = {Pick(rng, 0, 27), Pick(rng, 0, 27), Pick(rng, 0, 27)};
  std::vector<Instruction>* const instructions = &test.program.instructions;
  const std::uint32_t count = Pick(rng, 5, 60);
  for (std::uint32_t n = 0; n < count; ++n) {
    const std::uint64_t kind = rng->Below(10);
    if (kind == 0) {
      AppendInOrder(Sync(static_cast<Unit>(rng->Below(3))), instructions);
    } else if (kind < 5) {
      AppendInOrder(RandomLoop(rng), instructions);
    } else {
      AppendInOrder(
          RandomTransfer(geometry, test.program, static_cast<MemoryId>(rng->Below(6)), rng),
          instructions);
    }
  }
  AppendInOrder(Sync(Unit::kCompute), instructions);
  AppendInOrder(Instruction{}, instructions);
  return test;
}

TestProgram RandomPipelinedProgram(const Geometry& geometry, Rng* rng) {
  TestProgram test = RandomTensors(geometry, kElements, rng);
  Pipeline(geometry, &test, rng).Build();
  return test;
}

}  // namespace foothold::vta
