#include "targets/vta/isa/isa_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <type_traits>

#include "base/check.h"
#include "base/text.h"

namespace foothold::vta {
namespace {

static_assert(std::is_standard_layout_v<Instruction> && std::is_standard_layout_v<MicroOp>);

using Depth = FieldWidth::Depth;
using Kind = Notation::Kind;

template <typename T>
constexpr FieldSlot::Type SlotType() {
  if constexpr (sizeof(T) == 1) return FieldSlot::Type::kByte;
  return std::is_signed_v<T> ? FieldSlot::Type::kInt32 : FieldSlot::Type::kUint32;
}

#define FOOTHOLD_SLOT(type, member) \
  FieldSlot { offsetof(type, member), SlotType<decltype(type::member)>() }
#define FOOTHOLD_FIELD(member) .name = #member, .slot = FOOTHOLD_SLOT(Instruction, member)
#define FOOTHOLD_UOP_FIELD(member) .name = #member, .slot = FOOTHOLD_SLOT(MicroOp, member)

constexpr std::array<std::string_view, 5> kOpcodes = {"load", "store", "gemm", "finish", "alu"};
constexpr std::array<std::string_view, 6> kMemories = {"uop", "wgt", "inp", "acc", "out", "acc8"};
constexpr std::array<std::string_view, 5> kAluOpcodes = {"min", "max", "add", "shr", "mul"};

constexpr FieldWidth Fixed(int bits) { return {Depth::kNone, bits}; }
constexpr FieldWidth Index(Depth depth) { return {depth, 0}; }

constexpr Notation kFlag = {.kind = Kind::kFlag};
constexpr Notation Operand(std::string_view label, char joiner = ',') {
  return {.kind = Kind::kOperand, .label = label, .joiner = joiner};
}
constexpr Notation kPad = {.label = "pad", .hidden_at_zero = true};

// docs/reference/vta-and-autotvm.md#instruction-header: every instruction begins with these.
const FieldEntry kHeader[] = {
    {FOOTHOLD_FIELD(opcode), .width = Fixed(3), .values = kOpcodes,
     .notation = {.kind = Kind::kImplied}, .doc = "which instruction this is"},
    {FOOTHOLD_FIELD(pop_prev), .width = Fixed(1), .notation = kFlag,
     .doc = "wait for a token from the previous unit"},
    {FOOTHOLD_FIELD(pop_next), .width = Fixed(1), .notation = kFlag,
     .doc = "wait for a token from the next unit"},
    {FOOTHOLD_FIELD(push_prev), .width = Fixed(1), .notation = kFlag,
     .doc = "when done, send a token to the previous unit"},
    {FOOTHOLD_FIELD(push_next), .width = Fixed(1), .notation = kFlag,
     .doc = "when done, send a token to the next unit"},
};

// docs/reference/vta-and-autotvm.md#loads-and-stores: LOAD and STORE.
const FieldEntry kTransfer[] = {
    {FOOTHOLD_FIELD(memory), .width = Fixed(3), .values = kMemories,
     .notation = {.kind = Kind::kSuffix},
     .doc = "the scratchpad; LOAD all but out, STORE only out"},
    {FOOTHOLD_FIELD(sram_base), .width = Fixed(16), .notation = Operand("sram"), .unit = "elements",
     .doc = "first element in the scratchpad"},
    {FOOTHOLD_FIELD(dram_base), .width = Fixed(32),
     .notation = {.kind = Kind::kHex, .label = "dram"}, .unit = "elements",
     .doc = "first element in DRAM: byte address / bytes of an element of this memory"},
    {FOOTHOLD_FIELD(y_size), .word = 1, .width = Fixed(16), .notation = Operand("y"),
     .unit = "rows", .doc = "rows moved"},
    {FOOTHOLD_FIELD(x_size), .word = 1, .width = Fixed(16), .notation = Operand("x"),
     .unit = "elements", .doc = "elements per row; 0 moves nothing and only passes tokens"},
    {FOOTHOLD_FIELD(x_stride), .word = 1, .width = Fixed(16), .notation = Operand("stride"),
     .unit = "elements", .doc = "from row to row in DRAM; rows are dense in the scratchpad"},
    {FOOTHOLD_FIELD(y_pad_0), .word = 1, .width = Fixed(4), .notation = kPad, .unit = "rows",
     .doc = "zero rows before; STORE: must be 0, as the other three"},
    {FOOTHOLD_FIELD(y_pad_1), .word = 1, .width = Fixed(4), .notation = kPad, .unit = "rows",
     .doc = "zero rows after"},
    {FOOTHOLD_FIELD(x_pad_0), .word = 1, .width = Fixed(4), .notation = kPad, .unit = "elements",
     .doc = "zero elements before each row"},
    {FOOTHOLD_FIELD(x_pad_1), .word = 1, .width = Fixed(4), .notation = kPad, .unit = "elements",
     .doc = "zero elements after each row"},
};

// docs/reference/vta-and-autotvm.md#gemm-and-alu: what GEMM and ALU share in their first word.
const FieldEntry kLoops[] = {
    {FOOTHOLD_FIELD(reset), .width = Fixed(1),
     .notation = {.kind = Kind::kSuffix, .label = "reset"},
     .doc = "GEMM: write zeros instead of multiplying; ALU: read by no engine"},
    {FOOTHOLD_FIELD(uop_begin), .width = Index(Depth::kUop), .notation = Operand("uop"),
     .unit = "micro-ops", .doc = "first micro-op in the scratchpad"},
    {FOOTHOLD_FIELD(uop_end), .width = {Depth::kUop, 1}, .notation = Operand("uop", ':'),
     .unit = "micro-ops", .doc = "one past the last"},
    {FOOTHOLD_FIELD(iter_out), .width = Fixed(14), .notation = Operand("loop"),
     .unit = "iterations", .doc = "outer loop over the micro-ops"},
    {FOOTHOLD_FIELD(iter_in), .width = Fixed(14), .notation = Operand("loop", 'x'),
     .unit = "iterations", .doc = "inner loop over the micro-ops"},
};

constexpr std::string_view kPerOuter = "added to the micro-op's index per outer iteration";
constexpr std::string_view kPerInner = "added to the micro-op's index per inner iteration";

const FieldEntry kGemm[] = {
    {FOOTHOLD_FIELD(dst_factor_out), .word = 1, .width = Index(Depth::kAcc),
     .notation = Operand("dst"), .unit = "acc elements", .doc = kPerOuter},
    {FOOTHOLD_FIELD(dst_factor_in), .word = 1, .width = Index(Depth::kAcc),
     .notation = Operand("dst"), .unit = "acc elements", .doc = kPerInner},
    {FOOTHOLD_FIELD(src_factor_out), .word = 1, .width = Index(Depth::kInp),
     .notation = Operand("src"), .unit = "inp elements", .doc = kPerOuter},
    {FOOTHOLD_FIELD(src_factor_in), .word = 1, .width = Index(Depth::kInp),
     .notation = Operand("src"), .unit = "inp elements", .doc = kPerInner},
    {FOOTHOLD_FIELD(wgt_factor_out), .word = 1, .width = Index(Depth::kWgt),
     .notation = Operand("wgt"), .unit = "wgt elements", .doc = kPerOuter},
    {FOOTHOLD_FIELD(wgt_factor_in), .word = 1, .width = Index(Depth::kWgt),
     .notation = Operand("wgt"), .unit = "wgt elements", .doc = kPerInner},
};

const FieldEntry kAlu[] = {
    {FOOTHOLD_FIELD(dst_factor_out), .word = 1, .width = Index(Depth::kAcc),
     .notation = Operand("dst"), .unit = "acc elements", .doc = kPerOuter},
    {FOOTHOLD_FIELD(dst_factor_in), .word = 1, .width = Index(Depth::kAcc),
     .notation = Operand("dst"), .unit = "acc elements", .doc = kPerInner},
    {FOOTHOLD_FIELD(src_factor_out), .word = 1, .width = Index(Depth::kAcc),
     .notation = Operand("src"), .unit = "acc elements", .doc = kPerOuter},
    {FOOTHOLD_FIELD(src_factor_in), .word = 1, .width = Index(Depth::kAcc),
     .notation = Operand("src"), .unit = "acc elements", .doc = kPerInner},
    {FOOTHOLD_FIELD(alu_opcode), .word = 1, .width = Fixed(3), .values = kAluOpcodes,
     .notation = {.kind = Kind::kSuffix}, .doc = "the operation"},
    {FOOTHOLD_FIELD(use_imm), .word = 1, .width = Fixed(1),
     .notation = {.kind = Kind::kSuffix, .label = "imm"},
     .doc = "the second operand is imm, not the accumulator at src"},
    {FOOTHOLD_FIELD(imm), .word = 1, .width = Fixed(16), .is_signed = true,
     .notation = Operand("imm"), .unit = "int16", .doc = "the immediate, the same for every lane"},
};

// docs/reference/vta-and-autotvm.md#micro-ops.
const FieldEntry kMicroOp[] = {
    {FOOTHOLD_UOP_FIELD(dst), .width = Index(Depth::kAcc), .notation = Operand("dst"),
     .unit = "acc elements", .doc = "accumulator written"},
    {FOOTHOLD_UOP_FIELD(src), .width = Index(Depth::kAccOrInp), .notation = Operand("src"),
     .unit = "inp elements; ALU: acc elements", .doc = "source read"},
    {FOOTHOLD_UOP_FIELD(wgt), .width = Index(Depth::kWgt), .notation = Operand("wgt"),
     .unit = "wgt elements", .doc = "weight read; 0 for ALU"},
};

#undef FOOTHOLD_FIELD
#undef FOOTHOLD_UOP_FIELD
#undef FOOTHOLD_SLOT

std::vector<FieldEntry> Join(std::initializer_list<std::span<const FieldEntry>> parts) {
  std::vector<FieldEntry> fields;
  for (const auto& part : parts) fields.insert(fields.end(), part.begin(), part.end());
  return fields;
}

bool Has(const InstructionEntry& entry, std::string_view name) {
  return std::any_of(entry.fields.begin(), entry.fields.end(),
                     [&](const FieldEntry& field) { return field.name == name; });
}

// The fields of other instructions that `entry` does not have, each once.
std::vector<FieldEntry> AbsentFields(const InstructionEntry& entry) {
  std::vector<FieldEntry> absent;
  for (const InstructionEntry& other : IsaTable()) {
    for (const FieldEntry& field : other.fields) {
      const bool listed = std::any_of(absent.begin(), absent.end(),
                                      [&](const FieldEntry& f) { return f.name == field.name; });
      if (!listed && !Has(entry, field.name)) absent.push_back(field);
    }
  }
  return absent;
}

void FindMisfits(std::string_view prefix, std::span<const FieldEntry> fields, const void* object,
                 const Geometry& geometry, std::vector<std::string>& problems) {
  for (const FieldEntry& field : fields) {
    const std::int64_t value = field.slot.Load(object);
    if (value == 0) continue;  // always fits, and most are
    const std::int64_t min = field.Min(geometry);
    const std::int64_t max = field.Max(geometry);
    if (value >= min && value <= max) continue;
    problems.push_back(
        fmt::format("{}{} is {}, must be {}..{}", prefix, field.name, value, min, max));
  }
}

void FindTransferProblems(const Instruction& instruction, std::vector<std::string>& problems) {
  if (instruction.x_size == 0) return;
  const bool store = instruction.opcode == Opcode::kStore;
  if (store && instruction.memory != MemoryId::kOut) {
    problems.push_back("store: memory must be out, the only one that STORE reads");
  }
  if (!store && instruction.memory == MemoryId::kOut) {
    problems.push_back("load: memory is out, which only STORE takes");
  }
  const bool padded = instruction.y_pad_0 != 0 || instruction.y_pad_1 != 0 ||
                      instruction.x_pad_0 != 0 || instruction.x_pad_1 != 0;
  if (store && padded) problems.push_back("store: its four pads must be 0");
}

Status JoinProblems(const std::vector<std::string>& problems) {
  if (problems.empty()) return {};
  return Status::InvalidArgument(base::Joined(problems, "; "));
}

}  // namespace

const std::vector<InstructionEntry>& IsaTable() {
  static const std::vector<InstructionEntry> table = {
      {Opcode::kLoad, "load", "load (inp, wgt), compute (uop, acc, acc8)",
       "Copies a 2-D block from DRAM to a scratchpad, with zeros around it. Rows of x_pad_0 + "
       "x_size "
       "+ x_pad_1 elements follow each other without gaps from sram_base: y_pad_0 of zeros, y_size "
       "of data, y_pad_1 of zeros.",
       Join({kHeader, kTransfer})},
      {Opcode::kStore, "store", "store",
       "Copies accumulators to DRAM as int8: the low 8 bits of each lane. Reads the scratchpad "
       "densely from sram_base and writes rows x_stride apart.",
       Join({kHeader, kTransfer})},
      {Opcode::kGemm, "gemm", "compute",
       "For each outer and inner iteration and each micro-op: acc[dst] += inp[src] * "
       "transpose(wgt[wgt]), or acc[dst] = 0 with reset. Sums wrap at 32 bits.",
       Join({kHeader, kLoops, kGemm})},
      {Opcode::kFinish, "finish", "compute",
       "Ends the program and raises the done bit. All bits past the header are ignored.",
       Join({kHeader})},
      {Opcode::kAlu, "alu", "compute",
       "For each outer and inner iteration and each micro-op, lane by lane: acc[dst] = "
       "op(acc[dst], "
       "imm or acc[src]).",
       Join({kHeader, kLoops, kAlu})},
  };
  return table;
}

const std::vector<FieldEntry>& FieldsAbsentFrom(Opcode opcode) {
  static const std::vector<std::vector<FieldEntry>> absent = [] {
    std::vector<std::vector<FieldEntry>> lists;
    for (const InstructionEntry& entry : IsaTable()) lists.push_back(AbsentFields(entry));
    return lists;
  }();
  return absent[static_cast<std::size_t>(opcode)];
}

const std::vector<FieldEntry>& MicroOpTable() {
  static const std::vector<FieldEntry> table(std::begin(kMicroOp), std::end(kMicroOp));
  return table;
}

std::string_view ToString(MemoryId memory) { return kMemories[static_cast<std::size_t>(memory)]; }
std::string_view ToString(AluOpcode opcode) {
  return kAluOpcodes[static_cast<std::size_t>(opcode)];
}
std::string_view ToString(Opcode opcode) { return kOpcodes[static_cast<std::size_t>(opcode)]; }

int FieldWidth::Bits(const Geometry& geometry) const {
  switch (depth) {
    case Depth::kNone:
      return bits;
    case Depth::kUop:
      return bits + geometry.log_uop_depth();
    case Depth::kInp:
      return bits + geometry.log_inp_depth();
    case Depth::kWgt:
      return bits + geometry.log_wgt_depth();
    case Depth::kAcc:
      return bits + geometry.log_acc_depth();
    case Depth::kAccOrInp:
      return bits + std::max(geometry.log_acc_depth(), geometry.log_inp_depth());
  }
  return bits;
}

std::string FieldWidth::Formula() const {
  if (depth == Depth::kNone) return fmt::format("{}", bits);
  constexpr std::array<std::string_view, 6> names = {"", "uop", "inp", "wgt", "acc", "acc or inp"};
  const auto index = fmt::format("log2({} depth)", names[static_cast<std::size_t>(depth)]);
  return bits == 0 ? index : fmt::format("{} + {}", index, bits);
}

std::int64_t FieldSlot::Load(const void* object) const {
  const auto* at = static_cast<const std::byte*>(object) + offset;
  if (type == Type::kByte) return std::to_integer<std::uint8_t>(*at);
  std::uint32_t value;
  std::memcpy(&value, at, sizeof(value));
  return type == Type::kUint32 ? std::int64_t{value}
                               : std::int64_t{static_cast<std::int32_t>(value)};
}

std::int64_t FieldEntry::Min(const Geometry& geometry) const {
  return is_signed ? -(std::int64_t{1} << (width.Bits(geometry) - 1)) : 0;
}

std::int64_t FieldEntry::Max(const Geometry& geometry) const {
  if (!values.empty()) return static_cast<std::int64_t>(values.size()) - 1;
  return (std::int64_t{1} << (width.Bits(geometry) - (is_signed ? 1 : 0))) - 1;
}

std::vector<int> FieldPositions(std::span<const FieldEntry> fields, const Geometry& geometry) {
  std::vector<int> positions;
  positions.reserve(fields.size());
  std::array<int, 2> next{};
  for (const FieldEntry& field : fields) {
    int& position = next[static_cast<std::size_t>(field.word)];
    positions.push_back(position);
    position += field.width.Bits(geometry);
  }
  return positions;
}

std::int64_t DramElementBytes(MemoryId memory, const Geometry& geometry) {
  switch (memory) {
    case MemoryId::kUop:
      return kMicroOpBytes;
    case MemoryId::kWgt:
      return geometry.wgt_elem_bytes();
    case MemoryId::kInp:
      return geometry.inp_elem_bytes();
    case MemoryId::kAcc:
      return geometry.acc_elem_bytes();
    case MemoryId::kOut:
      return geometry.out_elem_bytes();
    case MemoryId::kAcc8:
      return geometry.batch() * geometry.block();
  }
  return 0;
}

std::vector<std::string> FindProblems(const Instruction& instruction, const Geometry& geometry) {
  const auto opcode = static_cast<std::size_t>(instruction.opcode);
  if (opcode >= IsaTable().size()) {
    return {fmt::format("opcode is {}, must be 0..{}", opcode, IsaTable().size() - 1)};
  }
  const InstructionEntry& entry = IsaTable()[opcode];
  std::vector<std::string> problems;
  FindMisfits(fmt::format("{}: ", entry.mnemonic), entry.fields, &instruction, geometry, problems);
  for (const FieldEntry& field : FieldsAbsentFrom(instruction.opcode)) {
    const std::int64_t value = field.slot.Load(&instruction);
    if (value == 0) continue;
    problems.push_back(fmt::format("{}: {} is {}, must be 0: {} has no such field", entry.mnemonic,
                                   field.name, value, entry.mnemonic));
  }
  const bool transfer = instruction.opcode == Opcode::kLoad || instruction.opcode == Opcode::kStore;
  if (transfer) FindTransferProblems(instruction, problems);
  return problems;
}

Status Validate(const Instruction& instruction, const Geometry& geometry) {
  return JoinProblems(FindProblems(instruction, geometry));
}

std::vector<std::string> FindProblems(const MicroOp& uop, const Geometry& geometry) {
  std::vector<std::string> problems;
  FindMisfits("", MicroOpTable(), &uop, geometry, problems);
  return problems;
}

Status Validate(const MicroOp& uop, const Geometry& geometry) {
  return JoinProblems(FindProblems(uop, geometry));
}

}  // namespace foothold::vta
