#include "targets/vta/activity.h"

#include <algorithm>

namespace foothold::vta {

const char* WorkName(const Instruction& instruction) {
  switch (instruction.opcode) {
    case Opcode::kGemm:
      return instruction.reset ? "accumulator reset" : "GEMM";
    case Opcode::kAlu:
      return "element-wise passes";
    case Opcode::kStore:
      return instruction.x_size == 0 ? "synchronisation" : "output stores";
    case Opcode::kFinish:
      return "synchronisation";
    case Opcode::kLoad:
      break;
  }
  if (instruction.x_size == 0) return "synchronisation";
  switch (instruction.memory) {
    case MemoryId::kInp:
      return "input loads";
    case MemoryId::kWgt:
      return "weight loads";
    case MemoryId::kUop:
      return "micro-op loads";
    default:
      return "bias loads";
  }
}

void Activity::OnInstruction(const InstructionEvent& event) {
  end_ = std::max(end_, event.end);
  while (end_ > piece_cycles_ * static_cast<std::int64_t>(pieces_)) Halve();
  auto& row = rows_[{event.unit, WorkName(*event.instruction)}];
  row.resize(pieces_);
  for (std::int64_t at = event.start; at < event.end;) {
    const std::int64_t piece = at / piece_cycles_;
    const std::int64_t until = std::min(event.end, (piece + 1) * piece_cycles_);
    row[static_cast<std::size_t>(piece)] += until - at;
    at = until;
  }
}

void Activity::Halve() {
  piece_cycles_ *= 2;
  for (auto& [key, row] : rows_) {
    for (std::size_t i = 0; i < pieces_ / 2; ++i) row[i] = row[2 * i] + row[2 * i + 1];
    std::fill(row.begin() + static_cast<std::ptrdiff_t>(pieces_ / 2), row.end(), 0);
  }
}

std::vector<Activity::Row> Activity::Rows() const {
  const auto pieces = static_cast<std::size_t>((end_ + piece_cycles_ - 1) / piece_cycles_);
  std::vector<Row> rows;
  for (const auto& [key, cycles] : rows_) {
    rows.push_back({key.first,
                    key.second,
                    {cycles.begin(), cycles.begin() + static_cast<std::ptrdiff_t>(pieces)}});
  }
  return rows;
}

}  // namespace foothold::vta
