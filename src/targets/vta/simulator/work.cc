#include "targets/vta/simulator/work.h"

#include <bit>

#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

void CountTransfer(const Instruction& i, Work* work) {
  if (i.x_size == 0) {
    ++work->syncs;
    return;
  }
  if (static_cast<std::size_t>(i.memory) >= work->traffic.size()) return;  // no such memory
  Work::Traffic& traffic = work->traffic[static_cast<std::size_t>(i.memory)];
  const std::int64_t elements = std::int64_t{i.x_size} * i.y_size;
  ++traffic.instructions;
  traffic.rows += i.y_size;
  traffic.bytes += elements;  // times their size, in the end
  if (i.opcode == Opcode::kStore) return;
  const std::int64_t width = std::int64_t{i.x_pad_0} + i.x_size + i.x_pad_1;
  traffic.pad_elements += width * (std::int64_t{i.y_pad_0} + i.y_size + i.y_pad_1) - elements;
}

void CountLoop(const Instruction& i, Work* work) {
  const std::int64_t uops = i.uop_end > i.uop_begin ? i.uop_end - i.uop_begin : 0;
  const std::int64_t ops = std::int64_t{i.iter_out} * i.iter_in * uops;
  if (i.opcode == Opcode::kAlu) {
    ++work->alu_instructions;
    work->alu_ops += ops;
  } else if (i.reset) {
    ++work->reset_instructions;
    work->reset_ops += ops;
  } else {
    ++work->gemm_instructions;
    work->gemm_ops += ops;
  }
}

// False when it met FINISH. Bytes are counted as elements.
bool CountRange(std::span<const Instruction> instructions, Work* work) {
  for (const Instruction& instruction : instructions) {
    ++work->instructions;
    if (instruction.opcode == Opcode::kFinish) return false;
    if (instruction.opcode == Opcode::kLoad || instruction.opcode == Opcode::kStore) {
      CountTransfer(instruction, work);
    } else {
      CountLoop(instruction, work);
    }
  }
  return true;
}

}  // namespace

int LogDramElementBytes(const Geometry& geometry, MemoryId memory) {
  return std::countr_zero(static_cast<std::uint64_t>(DramElementBytes(memory, geometry)));
}

Work CountWork(const Geometry& geometry, std::span<const Instruction> instructions) {
  const InstructionRange all = {0, static_cast<std::uint32_t>(instructions.size())};
  return CountWork(geometry, instructions, {&all, 1});
}

Work CountWork(const Geometry& geometry, std::span<const Instruction> instructions,
               std::span<const InstructionRange> ranges) {
  Work work;
  for (const InstructionRange& range : ranges)
    if (!CountRange(instructions.subspan(range.begin, range.end - range.begin), &work)) break;
  for (std::size_t m = 0; m < work.traffic.size(); ++m)
    work.traffic[m].bytes <<= LogDramElementBytes(geometry, static_cast<MemoryId>(m));
  return work;
}

}  // namespace foothold::vta
