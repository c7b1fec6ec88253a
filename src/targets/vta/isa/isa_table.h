#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/instruction.h"

// The instruction set as data (docs/reference/vta-and-autotvm.md#instruction-header and on): one
// entry per instruction, one per field. Encoding, decoding, disassembly, checks, the bit budget of
// a geometry and the ISA page are all read off this table, so that a fact about the encoding is
// written once.
namespace foothold::vta {

/// The bits of a field: a constant, plus log2 of a scratchpad's depth for an index into it.
struct FieldWidth {
  enum class Depth : std::uint8_t { kNone, kUop, kInp, kWgt, kAcc, kAccOrInp };
  Depth depth = Depth::kNone;  ///< kAccOrInp: the larger of the two
  int bits = 0;

  int Bits(const Geometry& geometry) const;
  /// "16", "log2(acc depth)", "log2(uop depth) + 1".
  std::string Formula() const;
};

/// Where a field lives in Instruction or MicroOp, and as what.
struct FieldSlot {
  enum class Type : std::uint8_t { kByte, kUint32, kInt32 };  // kByte: bool and the enumerations
  std::uint16_t offset = 0;
  Type type = Type::kUint32;

  /// REQUIRES: `object` is of the type whose field this is.
  std::int64_t Load(const void* object) const;
};

/// How the disassembler writes a field.
struct Notation {
  enum class Kind : std::uint8_t {
    kImplied,  ///< not at all: the mnemonic says it
    kSuffix,   ///< ".inp" after the mnemonic: the name of the value, or `label` when a flag is set
    kOperand,  ///< "label=value"; fields with the same label in a row are one operand
    kHex,      ///< the same in hexadecimal
    kFlag,     ///< its name at the end of the line when set
  };
  Kind kind = Kind::kOperand;
  std::string_view label = {};
  char joiner = ',';            ///< between the values of one operand
  bool hidden_at_zero = false;  ///< leave the operand out when all its values are zero
};

struct FieldEntry {
  std::string_view name;  ///< as in Instruction or MicroOp
  FieldSlot slot = {};
  int word = 0;  ///< which 64-bit word (which 32-bit word of a micro-op)
  FieldWidth width = {};
  bool is_signed = false;
  /// Names of 0, 1, ... for an enumeration, else empty.
  std::span<const std::string_view> values = {};
  Notation notation = {};
  std::string_view unit = {};  ///< of the value; empty for flags and enumerations
  std::string_view doc = {};

  /// The values that fit; for an enumeration, those that have a name.
  std::int64_t Min(const Geometry& geometry) const;
  std::int64_t Max(const Geometry& geometry) const;
};

struct InstructionEntry {
  Opcode opcode;
  std::string_view mnemonic;
  std::string_view executed_by;  ///< in words: for LOAD it depends on the memory
  std::string_view doc = {};
  /// In the order of the encoding, the header's first: within a word each field begins at the bit
  /// after the one before.
  std::vector<FieldEntry> fields;
};

/// In the order of the opcodes: the entry of opcode o is IsaTable()[o].
const std::vector<InstructionEntry>& IsaTable();
/// The members of Instruction that instructions of `opcode` do not have, and leave at zero.
const std::vector<FieldEntry>& FieldsAbsentFrom(Opcode opcode);
/// The fields of a micro-op, from bit 0 up.
const std::vector<FieldEntry>& MicroOpTable();

inline constexpr int kInstructionBytes = 16;
inline constexpr int kMicroOpBytes = 4;
inline constexpr int kWordBits = 64;

/// First bit within its word of each of `fields`.
std::vector<int> FieldPositions(std::span<const FieldEntry> fields, const Geometry& geometry);

/// "inp", ...: the names of the table. REQUIRES: a valid enumerator.
std::string_view ToString(MemoryId memory);
std::string_view ToString(AluOpcode opcode);
std::string_view ToString(Opcode opcode);

/// Bytes that one element of `memory` takes in DRAM. ACC_8BIT elements are accumulators of one byte
/// a lane.
std::int64_t DramElementBytes(MemoryId memory, const Geometry& geometry);

/// Everything that keeps the instruction from being one the machine can be given, one line each:
/// values that their fields would cut off, values in fields that the instruction does not have, a
/// LOAD of out or a STORE of another memory (unless x_size is 0, when nothing is moved), padding in
/// a STORE. Whether addresses lie within the scratchpads is not judged here. Empty: valid.
/// REQUIRES: Validate(geometry).ok().
std::vector<std::string> FindProblems(const Instruction& instruction, const Geometry& geometry);
/// InvalidArgument with all problems in one line.
Status Validate(const Instruction& instruction, const Geometry& geometry);
/// The same for a micro-op: each index must fit its field.
std::vector<std::string> FindProblems(const MicroOp& uop, const Geometry& geometry);
Status Validate(const MicroOp& uop, const Geometry& geometry);

}  // namespace foothold::vta
