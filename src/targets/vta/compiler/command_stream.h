#pragma once

#include <cstdint>
#include <list>
#include <vector>

#include "targets/vta/compiler/uop_kernel.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"

namespace foothold::vta {

enum class Stage : std::uint8_t { kLoad = 1, kCompute = 2, kStore = 3 };

/// Builds an instruction stream the way VTA's runtime does
/// (docs/reference/vta-and-autotvm.md#micro-op-cache): waits and signals between stages are
/// attached to instructions where they can be and become no-ops where they cannot, and micro-ops
/// are loaded on first use into a ring over the micro-op memory.
///
/// Unlike the runtime, a kernel that was evicted keeps its place in the DRAM image, so that loading
/// it again reads the right micro-ops (the runtime does not).
class CommandStream {
 public:
  /// `uop_address`: DRAM byte address of the micro-op image.
  CommandStream(const Geometry& geometry, std::uint64_t uop_address);

  /// Makes room for so many instructions; a hint that saves copying.
  void Reserve(std::size_t instructions) { instructions_.reserve(instructions); }

  /// The next instruction of `to` waits for a token from `from`. REQUIRES: neighbouring stages.
  void Pop(Stage from, Stage to);
  /// The last instruction of `from` signals `to`.
  void Push(Stage from, Stage to);

  /// Appends a LOAD or STORE of `stage` and returns it, to be completed in place before the next
  /// call.
  Instruction& Memory(Stage stage, const Instruction& instruction) {
    return Emit(stage, instruction);
  }

  /// Makes a kernel known; the handle is valid for this stream.
  std::size_t AddKernel(UopKernel kernel);
  /// The instruction that Run appends; its micro-op range is set once the kernel is resident.
  const Instruction& KernelInstruction(std::size_t kernel) const {
    return kernels_[kernel].kernel.instruction;
  }
  /// Its micro-ops.
  std::int64_t KernelSize(std::size_t kernel) const {
    return static_cast<std::int64_t>(kernels_[kernel].kernel.uops.size());
  }
  /// Appends the kernel's instruction, preceded by a LOAD UOP where it is not resident.
  void Run(std::size_t kernel);

  std::size_t size() const { return instructions_.size(); }
  /// All that decides what the next calls append: equal states append the same.
  struct State {
    std::uint8_t pops = 0;  // pending, two bits a stage
    Stage last_stage = Stage::kCompute;
    bool last_reusable = false;
    std::uint32_t loads = 0;  // of micro-ops so far: what is resident

    friend bool operator==(const State&, const State&) = default;
  };
  State state() const;
  /// Goes on as if what was appended between two states had been appended once more. REQUIRES:
  /// nothing was loaded since.
  void Resume(const State& state);
  /// From now on, what has been appended must stay as it is.
  void Freeze() { frozen_ = instructions_.size(); }

  /// Waits for all stages, ends the program, and hands over instructions and micro-ops. The stream
  /// is empty after.
  DeviceProgram Finish();

 private:
  struct Resident {
    UopKernel kernel;
    std::uint32_t dram_offset = 0;  // elements in the image
    std::int64_t sram_base = -1;    // -1: not resident
    bool in_image = false;
  };

  Instruction& Emit(Stage stage, const Instruction& instruction);
  void Noop(Stage stage, bool push_prev, bool push_next);
  void FlushPops(Stage stage);
  void MakeResident(Resident& kernel);

  struct PendingPops {
    bool prev = false;
    bool next = false;
  };
  PendingPops& pending(Stage stage) { return pending_[static_cast<std::size_t>(stage) - 1]; }

  const std::int64_t uop_depth_;
  const std::uint32_t uop_dram_base_;
  std::vector<Instruction> instructions_;
  std::vector<MicroOp> uops_;
  PendingPops pending_[3];
  Stage last_stage_ = Stage::kCompute;
  bool last_reusable_ = false;
  std::vector<Resident> kernels_;
  std::list<std::size_t> resident_;  // in the order they lie in the ring
  std::int64_t sram_end_ = 0;
  std::uint32_t loads_ = 0;
  std::size_t frozen_ = 0;
};

}  // namespace foothold::vta
