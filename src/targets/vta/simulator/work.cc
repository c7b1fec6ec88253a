#include "targets/vta/simulator/work.h"

#include <bit>
#include <cstddef>
#include <vector>

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

void CountBytes(const Geometry& geometry, Work* work) {
  for (std::size_t m = 0; m < work->traffic.size(); ++m)
    work->traffic[m].bytes <<= LogDramElementBytes(geometry, static_cast<MemoryId>(m));
}

void Add(const Work& part, Work* work) {
  for (std::size_t m = 0; m < work->traffic.size(); ++m) {
    Work::Traffic& traffic = work->traffic[m];
    traffic.instructions += part.traffic[m].instructions;
    traffic.rows += part.traffic[m].rows;
    traffic.bytes += part.traffic[m].bytes;
    traffic.pad_elements += part.traffic[m].pad_elements;
  }
  work->instructions += part.instructions;
  work->syncs += part.syncs;
  work->gemm_instructions += part.gemm_instructions;
  work->reset_instructions += part.reset_instructions;
  work->alu_instructions += part.alu_instructions;
  work->gemm_ops += part.gemm_ops;
  work->reset_ops += part.reset_ops;
  work->alu_ops += part.alu_ops;
}

}  // namespace

int LogDramElementBytes(const Geometry& geometry, MemoryId memory) {
  return std::countr_zero(static_cast<std::uint64_t>(DramElementBytes(memory, geometry)));
}

Work CountWork(const Geometry& geometry, std::span<const Instruction> instructions) {
  Work work;
  CountRange(instructions, &work);
  CountBytes(geometry, &work);
  return work;
}

Work CountWork(const Geometry& geometry, const ProgramOutline& outline) {
  std::vector<Work> works(outline.parts.size());
  std::vector<char> goes_on(outline.parts.size());
  const std::span<const Instruction> instructions(outline.program.instructions);
  for (std::size_t p = 0; p < works.size(); ++p) {
    const InstructionRange& part = outline.parts[p];
    goes_on[p] = CountRange(instructions.subspan(part.begin, part.end - part.begin), &works[p]);
  }
  Work work;
  for (const std::uint32_t part : outline.order) {
    Add(works[part], &work);
    if (goes_on[part] == 0) break;
  }
  CountBytes(geometry, &work);
  return work;
}

}  // namespace foothold::vta
