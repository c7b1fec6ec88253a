#include "targets/vta/compiler/command_stream.h"

#include <iterator>
#include <utility>

#include "base/check.h"

namespace foothold::vta {

CommandStream::CommandStream(const Geometry& geometry, std::uint64_t uop_address)
    : uop_depth_(geometry.uop_depth()),
      uop_dram_base_(static_cast<std::uint32_t>(uop_address >> Geometry::log_uop_elem_bytes())) {}

Instruction& CommandStream::Emit(Stage stage, const Instruction& instruction) {
  Instruction& emitted = instructions_.emplace_back(instruction);
  PendingPops& pops = pending(stage);
  emitted.pop_prev = pops.prev;
  emitted.pop_next = pops.next;
  pops = {};
  last_stage_ = stage;
  last_reusable_ = true;
  return emitted;
}

void CommandStream::Noop(Stage stage, bool push_prev, bool push_next) {
  Instruction noop;
  noop.opcode = stage == Stage::kStore ? Opcode::kStore : Opcode::kLoad;
  noop.memory = stage == Stage::kStore  ? MemoryId::kOut
                : stage == Stage::kLoad ? MemoryId::kInp
                                        : MemoryId::kUop;
  Emit(stage, noop);
  instructions_.back().push_prev = push_prev;
  instructions_.back().push_next = push_next;
  // The runtime adds later signals to a no-op store, never to a no-op load
  // (docs/reference/vta-and-autotvm.md#dependency-flags).
  last_reusable_ = stage == Stage::kStore;
}

void CommandStream::FlushPops(Stage stage) {
  const PendingPops pops = pending(stage);
  if (pops.prev || pops.next) Noop(stage, false, false);
}

void CommandStream::Pop(Stage from, Stage to) {
  bool PendingPops::*flag = from < to ? &PendingPops::prev : &PendingPops::next;
  if (pending(to).*flag) FlushPops(to);
  pending(to).*flag = true;
}

void CommandStream::Push(Stage from, Stage to) {
  FlushPops(from);
  const bool to_prev = to < from;
  if (last_reusable_ && last_stage_ == from) {
    Instruction& last = instructions_.back();
    bool& bit = to_prev ? last.push_prev : last.push_next;
    if (!bit) {
      FOOTHOLD_CHECK(instructions_.size() > frozen_, "a signal of what others share");
      bit = true;
      return;
    }
  }
  Noop(from, to_prev, !to_prev);
}

std::size_t CommandStream::AddKernel(UopKernel kernel) {
  kernels_.push_back({std::move(kernel)});
  return kernels_.size() - 1;
}

void CommandStream::MakeResident(Resident& kernel) {
  const auto size = static_cast<std::int64_t>(kernel.kernel.uops.size());
  FOOTHOLD_CHECK(size <= uop_depth_);
  ++loads_;
  if (!kernel.in_image) {
    kernel.in_image = true;
    kernel.dram_offset = static_cast<std::uint32_t>(uops_.size());
    uops_.insert(uops_.end(), kernel.kernel.uops.begin(), kernel.kernel.uops.end());
  }
  if (sram_end_ + size > uop_depth_) sram_end_ = 0;
  const auto overlaps = [&](std::size_t other) {
    const Resident& r = kernels_[other];
    const auto other_size = static_cast<std::int64_t>(r.kernel.uops.size());
    return r.sram_base < sram_end_ + size && sram_end_ < r.sram_base + other_size;
  };
  for (auto it = resident_.begin(); it != resident_.end();) {
    if (!overlaps(*it)) {
      ++it;
      continue;
    }
    kernels_[*it].sram_base = -1;
    it = resident_.erase(it);
  }
  kernel.sram_base = sram_end_;
  sram_end_ += size;
  resident_.push_back(static_cast<std::size_t>(&kernel - kernels_.data()));

  Instruction load;
  load.opcode = Opcode::kLoad;
  load.memory = MemoryId::kUop;
  load.sram_base = static_cast<std::uint32_t>(kernel.sram_base);
  load.dram_base = uop_dram_base_ + kernel.dram_offset;
  load.y_size = 1;
  load.x_size = static_cast<std::uint32_t>(size);
  load.x_stride = load.x_size;
  Emit(Stage::kCompute, load);
}

void CommandStream::Run(std::size_t index) {
  Resident& kernel = kernels_[index];
  if (kernel.sram_base < 0) {
    MakeResident(kernel);
    kernel.kernel.instruction.uop_begin = static_cast<std::uint32_t>(kernel.sram_base);
    kernel.kernel.instruction.uop_end = static_cast<std::uint32_t>(
        kernel.sram_base + static_cast<std::int64_t>(kernel.kernel.uops.size()));
  }
  Emit(Stage::kCompute, kernel.kernel.instruction);
}

CommandStream::State CommandStream::state() const {
  State state{0, last_stage_, last_reusable_, loads_};
  for (const PendingPops& pops : pending_)
    state.pops =
        static_cast<std::uint8_t>(state.pops << 2 | (pops.prev ? 2 : 0) | (pops.next ? 1 : 0));
  return state;
}

void CommandStream::Resume(const State& state) {
  FOOTHOLD_CHECK(state.loads == loads_);
  last_stage_ = state.last_stage;
  last_reusable_ = state.last_reusable;
  unsigned pops = state.pops;
  for (std::size_t stage = std::size(pending_); stage > 0; --stage, pops >>= 2)
    pending_[stage - 1] = {(pops & 2) != 0, (pops & 1) != 0};
}

DeviceProgram CommandStream::Finish() {
  Push(Stage::kStore, Stage::kCompute);
  Push(Stage::kLoad, Stage::kCompute);
  Pop(Stage::kStore, Stage::kCompute);
  Pop(Stage::kLoad, Stage::kCompute);
  FlushPops(Stage::kCompute);
  Instruction finish;
  finish.opcode = Opcode::kFinish;
  instructions_.push_back(finish);
  DeviceProgram program;
  program.instructions = std::move(instructions_);
  program.uops = std::move(uops_);
  return program;
}

}  // namespace foothold::vta
