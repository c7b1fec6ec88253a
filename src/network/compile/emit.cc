#include "network/compile/emit.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "targets/vta/compiler/extended_compiler.h"
#include "targets/vta/compiler/pool_compiler.h"

namespace foothold::network {
namespace {

/// Lists of micro-ops begin at multiples of this, in micro-ops: a burst of the DMA.
constexpr std::size_t kUopAlignment = 16;

bool IsOfLoadUnit(const vta::Instruction& instruction) {
  return instruction.opcode == vta::Opcode::kLoad &&
         (instruction.memory == vta::MemoryId::kInp || instruction.memory == vta::MemoryId::kWgt);
}

}  // namespace

std::uint64_t StreamWriter::AddressOf(const Operand& operand) const {
  return storages_.all[operand.storage].address +
         static_cast<std::uint64_t>(operand.element * geometry_.inp_elem_bytes());
}

vta::DeviceProgram StreamWriter::Compiled(const ScheduledPiece& scheduled) const {
  const Piece& piece = scheduled.piece;
  vta::DramLayout dram;
  dram.inp = AddressOf(piece.input);
  dram.wgt = layout_.weights + piece.weight;
  dram.bias = layout_.biases + piece.bias;
  dram.out = AddressOf(piece.output);
  dram.uop = layout_.uop;
  vta::Layer layer = piece.layer;
  if (layer.residual) {
    layer.residual->address = AddressOf(*piece.residual);
    layer.residual->identity_address = layout_.weights + piece.identity;
  }
  auto code = piece.is_max_pool ? vta::CompileMaxPool(layer.shape, dram.wgt, geometry_, dram)
                                : vta::CompileExtended(layer, geometry_, dram, scheduled.schedule);
  const auto* rejection = std::get_if<vta::Rejection>(&code);
  FOOTHOLD_CHECK(rejection == nullptr, "a piece that was compiled before, at other addresses");
  return std::get<vta::DeviceProgram>(std::move(code));
}

/// Its first instruction loads all of its micro-ops.
void StreamWriter::AddMicroOps(vta::DeviceProgram& program) {
  std::vector<std::uint64_t> key;
  for (const vta::MicroOp& uop : program.uops) {
    key.push_back(std::uint64_t{uop.dst} << 40 | std::uint64_t{uop.src} << 20 | uop.wgt);
  }
  const auto [known, is_new] = known_uops_.try_emplace(std::move(key), 0);
  if (is_new) {
    while (stream_.uops.size() % kUopAlignment != 0) stream_.uops.emplace_back();
    known->second = static_cast<std::uint32_t>(stream_.uops.size());
    stream_.uops.insert(stream_.uops.end(), program.uops.begin(), program.uops.end());
  }
  program.instructions.front().dram_base += known->second;
}

InstructionSpan StreamWriter::Append(const std::vector<ScheduledPiece>& pieces) {
  std::vector<vta::Instruction>& all = stream_.instructions;
  InstructionSpan span = {all.size(), all.size()};
  for (const ScheduledPiece& piece : pieces) {
    vta::DeviceProgram program = Compiled(piece);
    AddMicroOps(program);
    std::vector<vta::Instruction>& own = program.instructions;
    FOOTHOLD_CHECK(own.back().opcode == vta::Opcode::kFinish, "programs end with FINISH");
    own.pop_back();
    if (run_has_begun_) {
      // The last instruction of a piece waits for its last store. The first load waits for that.
      const auto first_load = std::find_if(own.begin(), own.end(), IsOfLoadUnit);
      FOOTHOLD_CHECK(first_load != own.end() && !first_load->pop_next,
                     "a load that waits for none");
      all.back().push_prev = true;
      first_load->pop_next = true;
    }
    run_has_begun_ = true;
    all.insert(all.end(), own.begin(), own.end());
  }
  span.last = all.size();
  return span;
}

void StreamWriter::EndRun() {
  FOOTHOLD_CHECK(run_has_begun_, "a run of nothing");
  stream_.instructions.emplace_back();
  run_has_begun_ = false;
}

vta::DeviceProgram StreamWriter::Take() {
  stream_.inp_address = layout_.inp;
  stream_.wgt_address = layout_.weights;
  stream_.acc_address = layout_.biases;
  stream_.out_address = layout_.out;
  stream_.uop_address = layout_.uop;
  return std::move(stream_);
}

}  // namespace foothold::network
