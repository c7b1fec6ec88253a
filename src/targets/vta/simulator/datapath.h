#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"
#include "targets/vta/simulator/dram.h"
#include "targets/vta/simulator/gemm_kernel.h"
#include "targets/vta/simulator/semantics.h"

namespace foothold::vta {

/// What an instruction touches of the memories that units share: ranges of elements, and of DRAM
/// bytes.
struct Footprint {
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;  // exclusive
    bool Overlaps(const Range& other) const { return begin < other.end && other.begin < end; }
  };
  Range inp;  ///< written by load, read by compute
  Range wgt;
  Range acc_write;   ///< compute
  Range acc_read;    ///< store (compute's own reads concern no other unit)
  Range dram_read;   ///< load, compute
  Range dram_write;  ///< store
};

/// The memories and what each instruction does to them
/// (docs/reference/vta-and-autotvm.md#what-instructions-do, and Semantics where engines differ).
/// Knows nothing of time, queues or tokens.
class Datapath {
 public:
  struct Options {
    Semantics semantics = Semantics::kFsim;
    std::uint8_t fill = 0;  ///< in every byte of the scratchpads at the start
    bool keep_out = false;  ///< kChisel always keeps the output scratchpad
  };

  Datapath(const Geometry& geometry, GemmKernelKind kernel);

  /// Starts a run. The spans must outlive it.
  void Begin(const DeviceProgram& program, const Dram& dram, const Options& options);

  /// Checks every address that the instruction will use and says what it touches. False, with
  /// error() set, when one is out of range. Depends on the micro-ops that are loaded by now.
  bool Check(const Instruction& instruction, Footprint* footprint);
  const std::string& error() const { return error_; }

  /// Carries the instruction out. REQUIRES: Check accepted it, with these micro-ops.
  void Execute(const Instruction& instruction);

  /// Whether two instructions whose footprints overlap really touch the same element, one of them
  /// writing. Exact on scratchpads, by enumeration; by range in DRAM. REQUIRES: the micro-ops of
  /// either are loaded.
  bool Conflicts(const Instruction& a, const Footprint& a_touches, const Instruction& b,
                 const Footprint& b_touches) const;

  std::span<const std::int32_t> acc() const { return acc_; }
  std::span<const std::int8_t> out() const { return out_; }
  GemmKernelKind kernel() const { return kind_; }

 private:
  struct Region {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    const std::byte* bytes = nullptr;
  };
  /// The largest index of each kind in a range of micro-ops, and the smallest.
  struct UopBounds {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    MicroOp min;
    MicroOp max;
  };

  bool CheckTransfer(const Instruction& instruction, Footprint* footprint);
  bool CheckDram(const Instruction& instruction, Footprint* footprint);
  bool CheckLoop(const Instruction& instruction, Footprint* footprint);
  /// Whether the range lies within the scratchpad. Where addresses wrap, it always does: one that
  /// does not is taken for all of the scratchpad, and wraps_ is set.
  bool CheckScratchpad(const char* name, Footprint::Range* range, std::int64_t depth);
  const UopBounds& BoundsOf(std::uint32_t begin, std::uint32_t end);
  bool LocateUops(const Instruction& instruction);
  /// The bytes at [begin, end), in the memory's own tensor if they are there; null when nowhere.
  const std::byte* Locate(MemoryId memory, std::uint64_t begin, std::uint64_t end) const;

  void Load(const Instruction& instruction);
  void LoadRow(MemoryId memory, std::size_t index, const std::byte* bytes,
               std::uint64_t dram_element, std::size_t count);
  void Zero(MemoryId memory, std::size_t index, std::size_t count);
  void Store(const Instruction& instruction);
  void Gemm(const Instruction& instruction);
  void Alu(const Instruction& instruction);
  void Reset(const Instruction& instruction);
  void MirrorOut(const Instruction& instruction);
  void MirrorElement(std::size_t dst);
  // The Chisel RTL: one element at a time, every address cut to its scratchpad's size.
  void LoadWrapping(const Instruction& instruction);
  void LoopWrapping(const Instruction& instruction);
  void ChiselAlu(const Instruction& instruction, std::size_t dst, std::size_t src);
  bool AluIsPlain(const Instruction& instruction) const;
  std::size_t Depth(MemoryId memory) const;
  bool Touches(const Instruction& loop, MemoryId memory, const Footprint::Range& range) const;

  // Constant after construction.
  Geometry geometry_;
  GemmKernelKind kind_;
  std::size_t lanes_;  // of an accumulator element
  int log_lanes_;
  std::array<int, 6> log_dram_bytes_;  // of an element, by MemoryId

  // Of the current run.
  const DeviceProgram* program_ = nullptr;
  Dram dram_;
  std::array<Region, 6> regions_;  // by MemoryId; UOP's holds no bytes
  Semantics semantics_ = Semantics::kFsim;
  bool keep_out_ = false;
  bool wraps_ = false;  // the instruction that was checked last leaves a scratchpad

  // Scratchpads.
  std::unique_ptr<GemmKernel> gemm_;  // holds the input and weight scratchpads
  std::vector<std::int32_t> acc_;
  std::vector<MicroOp> uops_;
  std::vector<std::int8_t> out_;

  std::array<UopBounds, 64> bounds_;  // a cache, by hash of (begin, end); emptied by a LOAD UOP
  std::string error_;
};

}  // namespace foothold::vta
