#include "targets/vta/simulator/datapath.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "targets/vta/simulator/alu.h"
#include "targets/vta/simulator/work.h"

namespace foothold::vta {
namespace {

constexpr std::size_t Index(MemoryId memory) { return static_cast<std::size_t>(memory); }

std::string_view TensorName(MemoryId memory) {
  constexpr std::string_view kNames[] = {"uop", "wgt", "inp", "acc", "out", "acc"};
  return kNames[Index(memory)];
}

// The elements of the last iteration's offset: added to the largest micro-op index, the largest
// index used.
std::uint64_t LastOffset(const Instruction& i, std::uint32_t factor_out, std::uint32_t factor_in) {
  return std::uint64_t{i.iter_out - 1} * factor_out + std::uint64_t{i.iter_in - 1} * factor_in;
}

bool HasNoIterations(const Instruction& i) {
  return i.iter_out == 0 || i.iter_in == 0 || i.uop_begin >= i.uop_end;
}

}  // namespace

Datapath::Datapath(const Geometry& geometry, GemmKernelKind kernel)
    : geometry_(geometry),
      kind_(kernel),
      lanes_(static_cast<std::size_t>(geometry.batch() * geometry.block())),
      log_lanes_(geometry.log_batch + geometry.log_block),
      gemm_(MakeGemmKernel(kernel, geometry)),
      acc_(static_cast<std::size_t>(geometry.acc_depth()) * lanes_),
      uops_(static_cast<std::size_t>(geometry.uop_capacity())) {
  for (std::size_t m = 0; m < log_dram_bytes_.size(); ++m)
    log_dram_bytes_[m] = LogDramElementBytes(geometry, static_cast<MemoryId>(m));
}

void Datapath::Begin(const DeviceProgram& program, const Dram& dram, const Options& options) {
  program_ = &program;
  dram_ = dram;
  const auto region = [](std::uint64_t address, std::span<const std::byte> bytes) {
    return Region{address, address + bytes.size(), bytes.data()};
  };
  regions_[Index(MemoryId::kUop)] = {program.uop_address,
                                     program.uop_address + 4 * program.uops.size(), nullptr};
  regions_[Index(MemoryId::kWgt)] = region(program.wgt_address, dram.wgt);
  regions_[Index(MemoryId::kInp)] = region(program.inp_address, dram.inp);
  regions_[Index(MemoryId::kAcc)] = region(program.acc_address, dram.acc);
  regions_[Index(MemoryId::kOut)] = region(program.out_address, dram.out);
  regions_[Index(MemoryId::kAcc8)] = regions_[Index(MemoryId::kAcc)];
  gemm_->Fill(static_cast<std::int8_t>(options.fill));
  std::memset(acc_.data(), options.fill, acc_.size() * sizeof(acc_[0]));
  std::fill(uops_.begin(), uops_.end(), MicroOp{});
  bounds_.fill({});
  semantics_ = options.semantics;
  keep_out_ = options.keep_out || semantics_ == Semantics::kChisel;
  out_.assign(keep_out_ ? acc_.size() : 0, 0);
}

bool Datapath::Check(const Instruction& instruction, Footprint* footprint) {
  *footprint = {};
  wraps_ = false;
  switch (instruction.opcode) {
    case Opcode::kLoad:
    case Opcode::kStore:
      return CheckTransfer(instruction, footprint);
    case Opcode::kGemm:
    case Opcode::kAlu:
      return CheckLoop(instruction, footprint);
    case Opcode::kFinish:
      break;
  }
  return true;
}

bool Datapath::CheckScratchpad(const char* name, Footprint::Range* range, std::int64_t depth) {
  const auto end = static_cast<std::uint64_t>(depth);
  if (range->end <= end) return true;
  if (semantics_ == Semantics::kChisel) {
    *range = {0, end};
    return wraps_ = true;
  }
  error_ = fmt::format("{} scratchpad: elements {}..{} of {}", name, range->begin, range->end - 1,
                       depth);
  return false;
}

std::size_t Datapath::Depth(MemoryId memory) const {
  switch (memory) {
    case MemoryId::kUop:
      return uops_.size();
    case MemoryId::kWgt:
      return static_cast<std::size_t>(geometry_.wgt_depth());
    case MemoryId::kInp:
      return static_cast<std::size_t>(geometry_.inp_depth());
    case MemoryId::kAcc:
    case MemoryId::kAcc8:
    case MemoryId::kOut:
      break;
  }
  return static_cast<std::size_t>(geometry_.acc_depth());
}

bool Datapath::CheckTransfer(const Instruction& i, Footprint* footprint) {
  if (i.x_size == 0) return true;
  const bool load = i.opcode == Opcode::kLoad;
  const std::uint64_t width = std::uint64_t{i.x_size} + (load ? i.x_pad_0 + i.x_pad_1 : 0);
  const std::uint64_t height = std::uint64_t{i.y_size} + (load ? i.y_pad_0 + i.y_pad_1 : 0);
  Footprint::Range sram = {i.sram_base, i.sram_base + width * height};
  const auto depth = static_cast<std::int64_t>(Depth(i.memory));
  switch (i.memory) {
    case MemoryId::kUop:
      if (!CheckScratchpad("uop", &sram, depth)) return false;
      break;
    case MemoryId::kWgt:
      if (!CheckScratchpad("wgt", &sram, depth)) return false;
      footprint->wgt = sram;
      break;
    case MemoryId::kInp:
      if (!CheckScratchpad("inp", &sram, depth)) return false;
      footprint->inp = sram;
      break;
    case MemoryId::kAcc:
    case MemoryId::kAcc8:
    case MemoryId::kOut:
      if (!CheckScratchpad("acc", &sram, depth)) return false;
      (load ? footprint->acc_write : footprint->acc_read) = sram;
      break;
  }
  return i.y_size == 0 || CheckDram(i, footprint);
}

bool Datapath::CheckDram(const Instruction& i, Footprint* footprint) {
  const bool load = i.opcode == Opcode::kLoad;
  const int log_bytes = log_dram_bytes_[Index(i.memory)];
  const std::uint64_t elements = std::uint64_t{i.y_size - 1} * i.x_stride + i.x_size;
  const Footprint::Range dram = {std::uint64_t{i.dram_base} << log_bytes, (i.dram_base + elements)
                                                                              << log_bytes};
  (load ? footprint->dram_read : footprint->dram_write) = dram;
  if (i.memory == MemoryId::kUop ? LocateUops(i)
                                 : (load ? Locate(i.memory, dram.begin, dram.end) != nullptr
                                         : dram.begin >= regions_[Index(MemoryId::kOut)].begin &&
                                               dram.end <= regions_[Index(MemoryId::kOut)].end))
    return true;
  const Region& own = regions_[Index(i.memory)];
  error_ =
      fmt::format("DRAM: bytes 0x{:x}..0x{:x}; the {} tensor is 0x{:x}..0x{:x}", dram.begin,
                  dram.end - 1, TensorName(i.memory), own.begin, own.end == 0 ? 0 : own.end - 1);
  return false;
}

const std::byte* Datapath::Locate(MemoryId memory, std::uint64_t begin, std::uint64_t end) const {
  const auto contains = [&](const Region& region) {
    return region.bytes != nullptr && begin >= region.begin && end <= region.end;
  };
  const Region& own = regions_[Index(memory)];
  if (contains(own)) return own.bytes + (begin - own.begin);
  for (const Region& region : regions_)
    if (contains(region)) return region.bytes + (begin - region.begin);
  return nullptr;
}

bool Datapath::LocateUops(const Instruction& i) {
  const Region& region = regions_[Index(MemoryId::kUop)];
  const std::uint64_t begin = std::uint64_t{i.dram_base} * 4;
  const std::uint64_t end = begin + 4 * (std::uint64_t{i.y_size - 1} * i.x_stride + i.x_size);
  return begin >= region.begin && end <= region.end && (begin - region.begin) % 4 == 0;
}

const Datapath::UopBounds& Datapath::BoundsOf(std::uint32_t begin, std::uint32_t end) {
  UopBounds& bounds = bounds_[(begin * 7 + end) % bounds_.size()];
  if (bounds.begin == begin && bounds.end == end) return bounds;
  bounds = {begin, end, uops_[begin], uops_[begin]};
  for (std::uint32_t k = begin + 1; k < end; ++k) {
    bounds.min.dst = std::min(bounds.min.dst, uops_[k].dst);
    bounds.min.src = std::min(bounds.min.src, uops_[k].src);
    bounds.min.wgt = std::min(bounds.min.wgt, uops_[k].wgt);
    bounds.max.dst = std::max(bounds.max.dst, uops_[k].dst);
    bounds.max.src = std::max(bounds.max.src, uops_[k].src);
    bounds.max.wgt = std::max(bounds.max.wgt, uops_[k].wgt);
  }
  return bounds;
}

bool Datapath::CheckLoop(const Instruction& i, Footprint* footprint) {
  if (HasNoIterations(i)) return true;
  Footprint::Range uops = {i.uop_begin, i.uop_end};
  if (!CheckScratchpad("uop", &uops, static_cast<std::int64_t>(uops_.size()))) return false;
  // Micro-ops that lie on both sides of the end say nothing simple: they may touch anything.
  const UopBounds& bounds = wraps_ ? BoundsOf(0, static_cast<std::uint32_t>(uops_.size()))
                                   : BoundsOf(i.uop_begin, i.uop_end);
  footprint->acc_write = {bounds.min.dst,
                          bounds.max.dst + LastOffset(i, i.dst_factor_out, i.dst_factor_in) + 1};
  if (!CheckScratchpad("acc", &footprint->acc_write, geometry_.acc_depth())) return false;
  Footprint::Range src = {bounds.min.src,
                          bounds.max.src + LastOffset(i, i.src_factor_out, i.src_factor_in) + 1};
  if (i.opcode == Opcode::kAlu)
    return (i.use_imm && semantics_ == Semantics::kFsim) ||
           CheckScratchpad("acc", &src, geometry_.acc_depth());
  if (i.reset) return true;
  footprint->wgt = {bounds.min.wgt,
                    bounds.max.wgt + LastOffset(i, i.wgt_factor_out, i.wgt_factor_in) + 1};
  if (!CheckScratchpad("inp", &src, geometry_.inp_depth())) return false;
  footprint->inp = src;
  return CheckScratchpad("wgt", &footprint->wgt, geometry_.wgt_depth());
}

void Datapath::Execute(const Instruction& instruction) {
  if (semantics_ == Semantics::kChisel) {
    Footprint unused;
    const bool checked = Check(instruction, &unused);  // says whether it wraps
    FOOTHOLD_CHECK(checked, error_);
  }
  switch (instruction.opcode) {
    case Opcode::kLoad:
      return wraps_ ? LoadWrapping(instruction) : Load(instruction);
    case Opcode::kStore:
      return Store(instruction);
    case Opcode::kGemm:
      return wraps_ ? LoopWrapping(instruction) : Gemm(instruction);
    case Opcode::kAlu:
      return wraps_ || (semantics_ == Semantics::kChisel && !AluIsPlain(instruction))
                 ? LoopWrapping(instruction)
                 : Alu(instruction);
    case Opcode::kFinish:
      return;
  }
}

void Datapath::Alu(const Instruction& instruction) {
  if (HasNoIterations(instruction)) return;
  RunAlu(
      instruction,
      std::span(uops_).subspan(instruction.uop_begin, instruction.uop_end - instruction.uop_begin),
      lanes_, acc_.data());
  if (keep_out_) MirrorOut(instruction);
}

void Datapath::Load(const Instruction& i) {
  if (i.x_size == 0) return;
  if (i.memory == MemoryId::kUop) bounds_.fill({});
  const std::size_t width = std::size_t{i.x_pad_0} + i.x_size + i.x_pad_1;
  const int log_bytes = log_dram_bytes_[Index(i.memory)];
  const std::byte* bytes = nullptr;
  if (i.memory != MemoryId::kUop && i.y_size > 0) {
    const std::uint64_t elements = std::uint64_t{i.y_size - 1} * i.x_stride + i.x_size;
    bytes = Locate(i.memory, std::uint64_t{i.dram_base} << log_bytes,
                   (i.dram_base + elements) << log_bytes);
  }
  std::size_t index = i.sram_base;
  Zero(i.memory, index, i.y_pad_0 * width);
  index += i.y_pad_0 * width;
  // Rows that follow one another in both memories are one.
  const bool dense = i.x_stride == i.x_size && width == i.x_size;
  const std::size_t rows = dense ? (i.y_size > 0 ? 1 : 0) : i.y_size;
  const std::size_t row_elements = dense ? std::size_t{i.x_size} * i.y_size : i.x_size;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t element = row * i.x_stride;
    Zero(i.memory, index, i.x_pad_0);
    index += i.x_pad_0;
    LoadRow(i.memory, index, bytes == nullptr ? nullptr : bytes + (element << log_bytes),
            i.dram_base + element, row_elements);
    index += row_elements;
    Zero(i.memory, index, i.x_pad_1);
    index += i.x_pad_1;
  }
  Zero(i.memory, index, i.y_pad_1 * width);
}

void Datapath::LoadRow(MemoryId memory, std::size_t index, const std::byte* bytes,
                       std::uint64_t dram_element, std::size_t count) {
  if (memory == MemoryId::kUop) {
    const std::uint64_t first = (dram_element * 4 - program_->uop_address) / 4;
    std::copy_n(program_->uops.begin() + static_cast<std::ptrdiff_t>(first), count,
                uops_.begin() + static_cast<std::ptrdiff_t>(index));
    return;
  }
  FOOTHOLD_CHECK(bytes != nullptr, "Check has located them");
  switch (memory) {
    case MemoryId::kWgt:
      return gemm_->LoadWeights(index, bytes, count);
    case MemoryId::kInp:
      return gemm_->LoadInputs(index, bytes, count);
    case MemoryId::kAcc:
      std::memcpy(acc_.data() + index * lanes_, bytes, count * lanes_ * sizeof(acc_[0]));
      return;
    case MemoryId::kAcc8:
      for (std::size_t lane = 0; lane < count * lanes_; ++lane)
        acc_[index * lanes_ + lane] = (static_cast<std::int32_t>(bytes[lane]) ^ 0x80) - 0x80;
      return;
    case MemoryId::kUop:
    case MemoryId::kOut:
      return;
  }
}

void Datapath::Zero(MemoryId memory, std::size_t index, std::size_t count) {
  if (count == 0) return;
  switch (memory) {
    case MemoryId::kUop:
      std::fill_n(uops_.begin() + static_cast<std::ptrdiff_t>(index), count, MicroOp{});
      return;
    case MemoryId::kWgt:
      return gemm_->ZeroWeights(index, count);
    case MemoryId::kInp:
      return gemm_->ZeroInputs(index, count);
    case MemoryId::kAcc:
    case MemoryId::kAcc8:
      std::fill_n(acc_.begin() + static_cast<std::ptrdiff_t>(index * lanes_), count * lanes_, 0);
      return;
    case MemoryId::kOut:
      return;
  }
}

void Datapath::Store(const Instruction& i) {
  if (i.x_size == 0) return;
  std::size_t from = std::size_t{i.sram_base} * lanes_;
  const std::size_t row_lanes = i.x_size * lanes_;
  const std::size_t mask = acc_.size() - 1;  // a power of two
  const bool from_out = semantics_ == Semantics::kChisel;
  const std::uint64_t offset =
      (std::uint64_t{i.dram_base} << log_lanes_) - regions_[Index(MemoryId::kOut)].begin;
  for (std::size_t row = 0; row < i.y_size; ++row) {
    std::byte* const to = dram_.out.data() + offset + ((row * i.x_stride) << log_lanes_);
    for (std::size_t lane = 0; lane < row_lanes; ++lane) {
      const std::size_t at = (from + lane) & mask;
      to[lane] = from_out ? static_cast<std::byte>(out_[at])
                          : static_cast<std::byte>(static_cast<std::uint8_t>(acc_[at]));
    }
    from += row_lanes;
  }
}

void Datapath::Gemm(const Instruction& i) {
  if (HasNoIterations(i)) return;
  if (i.reset) return Reset(i);
  const GemmLoops loops = {i.iter_out,
                           i.iter_in,
                           i.dst_factor_out,
                           i.dst_factor_in,
                           i.src_factor_out,
                           i.src_factor_in,
                           i.wgt_factor_out,
                           i.wgt_factor_in,
                           std::span(uops_).subspan(i.uop_begin, i.uop_end - i.uop_begin)};
  gemm_->Multiply(loops, acc_.data());
  if (keep_out_) MirrorOut(i);
}

void Datapath::Reset(const Instruction& i) {
  for (std::size_t y = 0; y < i.iter_out; ++y)
    for (std::size_t x = 0; x < i.iter_in; ++x)
      for (std::uint32_t k = i.uop_begin; k < i.uop_end; ++k) {
        const std::size_t dst = uops_[k].dst + y * i.dst_factor_out + x * i.dst_factor_in;
        std::memset(acc_.data() + dst * lanes_, 0, lanes_ * sizeof(acc_[0]));
      }
}

void Datapath::MirrorOut(const Instruction& i) {
  for (std::size_t y = 0; y < i.iter_out; ++y)
    for (std::size_t x = 0; x < i.iter_in; ++x)
      for (std::uint32_t k = i.uop_begin; k < i.uop_end; ++k) {
        MirrorElement(uops_[k].dst + y * i.dst_factor_out + x * i.dst_factor_in);
      }
}

void Datapath::MirrorElement(std::size_t dst) {
  for (std::size_t lane = dst * lanes_; lane < (dst + 1) * lanes_; ++lane)
    out_[lane] = static_cast<std::int8_t>(static_cast<std::uint8_t>(acc_[lane]));
}

void Datapath::LoadWrapping(const Instruction& i) {
  if (i.memory == MemoryId::kUop) bounds_.fill({});
  const std::size_t mask = Depth(i.memory) - 1;
  const int log_bytes = log_dram_bytes_[Index(i.memory)];
  std::size_t to = i.sram_base;
  const std::size_t height = std::size_t{i.y_pad_0} + i.y_size + i.y_pad_1;
  const std::size_t width = std::size_t{i.x_pad_0} + i.x_size + i.x_pad_1;
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x, ++to) {
      const bool data =
          y >= i.y_pad_0 && y - i.y_pad_0 < i.y_size && x >= i.x_pad_0 && x - i.x_pad_0 < i.x_size;
      if (!data) {
        Zero(i.memory, to & mask, 1);
        continue;
      }
      const std::uint64_t element =
          i.dram_base + (y - i.y_pad_0) * std::uint64_t{i.x_stride} + (x - i.x_pad_0);
      const std::byte* bytes = i.memory == MemoryId::kUop ? nullptr
                                                          : Locate(i.memory, element << log_bytes,
                                                                   (element + 1) << log_bytes);
      LoadRow(i.memory, to & mask, bytes, element, 1);
    }
  }
}

void Datapath::LoopWrapping(const Instruction& i) {
  const std::size_t uop_mask = uops_.size() - 1;
  const std::size_t acc_mask = Depth(MemoryId::kAcc) - 1;
  const std::size_t src_mask = i.opcode == Opcode::kAlu ? acc_mask : Depth(MemoryId::kInp) - 1;
  const std::size_t wgt_mask = Depth(MemoryId::kWgt) - 1;
  for (std::size_t y = 0; y < i.iter_out; ++y)
    for (std::size_t x = 0; x < i.iter_in; ++x)
      for (std::size_t k = i.uop_begin; k < i.uop_end; ++k) {
        const MicroOp& uop = uops_[k & uop_mask];
        const std::size_t dst = (uop.dst + y * i.dst_factor_out + x * i.dst_factor_in) & acc_mask;
        const std::size_t src = (uop.src + y * i.src_factor_out + x * i.src_factor_in) & src_mask;
        if (i.opcode == Opcode::kAlu) {
          ChiselAlu(i, dst, src);
        } else if (i.reset) {
          std::memset(acc_.data() + dst * lanes_, 0, lanes_ * sizeof(acc_[0]));
        } else {
          const std::size_t wgt = (uop.wgt + y * i.wgt_factor_out + x * i.wgt_factor_in) & wgt_mask;
          const MicroOp one = {static_cast<std::uint32_t>(dst), static_cast<std::uint32_t>(src),
                               static_cast<std::uint32_t>(wgt)};
          gemm_->Multiply({1, 1, 0, 0, 0, 0, 0, 0, std::span(&one, 1)}, acc_.data());
          MirrorElement(dst);
        }
      }
}

void Datapath::ChiselAlu(const Instruction& i, std::size_t dst, std::size_t src) {
  // The ALU has the lanes of one row; those of other rows keep what they had.
  const auto row = static_cast<std::size_t>(geometry_.block());
  for (std::size_t lane = 0; lane < row; ++lane) {
    const std::int32_t from_src = acc_[src * lanes_ + lane];
    const std::int32_t a = i.use_imm ? from_src : acc_[dst * lanes_ + lane];
    const std::int32_t b = i.use_imm ? i.imm : from_src;
    const std::int32_t result = i.alu_opcode == AluOpcode::kShr ? ChiselShift(a, b, i.imm < 0)
                                                                : AluLane(i.alu_opcode, a, b);
    acc_[dst * lanes_ + lane] = result;
    out_[dst * lanes_ + lane] = static_cast<std::int8_t>(static_cast<std::uint8_t>(result));
  }
}

/// Whether the Chisel RTL does what fsim does: compiled programs never differ.
bool Datapath::AluIsPlain(const Instruction& i) const {
  if (geometry_.log_batch != 0) return false;
  if (!i.use_imm) return i.alu_opcode != AluOpcode::kShr;
  if (i.alu_opcode == AluOpcode::kShr && (i.imm < -31 || i.imm > 31)) return false;
  if (i.dst_factor_out != i.src_factor_out || i.dst_factor_in != i.src_factor_in) return false;
  return std::all_of(uops_.begin() + i.uop_begin, uops_.begin() + i.uop_end,
                     [](const MicroOp& uop) { return uop.dst == uop.src; });
}

bool Datapath::Touches(const Instruction& i, MemoryId memory, const Footprint::Range& range) const {
  if (i.opcode != Opcode::kGemm && i.opcode != Opcode::kAlu)
    return true;  // transfers touch all of theirs
  const bool dst = memory == MemoryId::kAcc;
  const bool src = memory == MemoryId::kInp;
  const std::uint64_t out_factor =
      dst ? i.dst_factor_out : (src ? i.src_factor_out : i.wgt_factor_out);
  const std::uint64_t in_factor = dst ? i.dst_factor_in : (src ? i.src_factor_in : i.wgt_factor_in);
  for (std::uint64_t y = 0; y < i.iter_out; ++y)
    for (std::uint64_t x = 0; x < i.iter_in; ++x)
      for (std::uint32_t k = i.uop_begin; k < i.uop_end; ++k) {
        const MicroOp& uop = uops_[k & (uops_.size() - 1)];
        const std::uint64_t base = dst ? uop.dst : (src ? uop.src : uop.wgt);
        const std::uint64_t index = (base + y * out_factor + x * in_factor) & (Depth(memory) - 1);
        if (index >= range.begin && index < range.end) return true;
      }
  return false;
}

bool Datapath::Conflicts(const Instruction& a, const Footprint& a_touches, const Instruction& b,
                         const Footprint& b_touches) const {
  const auto both = [&](const Footprint::Range& of_a, const Footprint::Range& of_b,
                        MemoryId memory) {
    return of_a.Overlaps(of_b) && Touches(a, memory, of_b) && Touches(b, memory, of_a);
  };
  const auto dram = [](const Footprint& writer, const Footprint& reader) {
    return writer.dram_write.Overlaps(reader.dram_read);
  };
  return both(a_touches.inp, b_touches.inp, MemoryId::kInp) ||
         both(a_touches.wgt, b_touches.wgt, MemoryId::kWgt) ||
         both(a_touches.acc_write, b_touches.acc_read, MemoryId::kAcc) ||
         both(a_touches.acc_read, b_touches.acc_write, MemoryId::kAcc) ||
         dram(a_touches, b_touches) || dram(b_touches, a_touches);
}

}  // namespace foothold::vta
