#include "vta/simulator/work.h"

namespace foothold::vta {
namespace {

void CountTransfer(const Geometry& geometry, const Instruction& i, Work* work) {
  if (i.x_size == 0) {
    ++work->syncs;
    return;
  }
  if (static_cast<std::size_t>(i.memory) >= work->traffic.size()) return;  // no such memory
  Work::Traffic& traffic = work->traffic[static_cast<std::size_t>(i.memory)];
  const std::int64_t elements = std::int64_t{i.x_size} * i.y_size;
  ++traffic.instructions;
  traffic.rows += i.y_size;
  traffic.bytes += elements << LogDramElementBytes(geometry, i.memory);
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

}  // namespace

int LogDramElementBytes(const Geometry& geometry, MemoryId memory) {
  switch (memory) {
    case MemoryId::kUop:
      return Geometry::log_uop_elem_bytes();
    case MemoryId::kWgt:
      return geometry.log_wgt_elem_bytes();
    case MemoryId::kInp:
      return geometry.log_inp_elem_bytes();
    case MemoryId::kAcc:
      return geometry.log_acc_elem_bytes();
    case MemoryId::kOut:
      return geometry.log_out_elem_bytes();
    case MemoryId::kAcc8:
      break;  // int8 lanes
  }
  return geometry.log_acc_elem_bytes() - 2;
}

Work CountWork(const Geometry& geometry, std::span<const Instruction> instructions) {
  Work work;
  for (const Instruction& instruction : instructions) {
    ++work.instructions;
    switch (instruction.opcode) {
      case Opcode::kLoad:
      case Opcode::kStore:
        CountTransfer(geometry, instruction, &work);
        break;
      case Opcode::kGemm:
      case Opcode::kAlu:
        CountLoop(instruction, &work);
        break;
      case Opcode::kFinish:
        return work;
    }
  }
  return work;
}

}  // namespace foothold::vta
