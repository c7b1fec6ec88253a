#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

struct FieldEntry;

/// The 128 bits of an instruction; in memory both words are little-endian, the first one first.
using EncodedInstruction = std::array<std::uint64_t, 2>;

/// Encodes and decodes for one geometry: the ISA table with its positions worked out once, some
/// tens of nanoseconds per instruction. Immutable, safe to share between threads.
class InstructionCodec {
 public:
  /// REQUIRES: Validate(geometry).ok().
  explicit InstructionCodec(const Geometry& geometry);

  const Geometry& geometry() const { return geometry_; }

  /// Whether Encode will succeed: every value fits its field, and the fields that the instruction
  /// does not have are zero.
  bool Fits(const Instruction& instruction) const;
  /// InvalidArgument naming instruction, field, value and limit for what does not fit: nothing is
  /// ever cut off.
  Result<EncodedInstruction> Encode(const Instruction& instruction) const;
  /// Takes what the functional simulator takes: bits that no field uses are ignored, and so is all
  /// of FINISH past its header, which TVM's runtime leaves uninitialised. InvalidArgument on an
  /// unknown opcode, memory or ALU opcode, and on a LOAD of out or a STORE of anything else that
  /// moves data.
  Result<Instruction> Decode(const EncodedInstruction& encoded) const;

  Result<std::uint32_t> Encode(const MicroOp& uop) const;
  /// Every word is a micro-op.
  MicroOp DecodeMicroOp(std::uint32_t word) const;

 private:
  // Where a field stands in the object and in its word. Values are handled as the 32 bits in which
  // the object holds them; of a byte's neighbours, `held` keeps nothing.
  struct PackedField {
    std::uint32_t held;  // the bits of the object at `offset` that are the field's
    std::uint32_t bias;  // half the range of a signed field, else 0
    std::uint32_t max;   // what value + bias may be at most
    std::uint32_t bits;  // the field's bits in the word, shifted down
    std::uint8_t offset;
    std::uint8_t word;
    std::uint8_t shift;
    bool is_byte;

    std::uint32_t Load(const void* object) const;
    // False when `word` holds none of the field's values.
    bool Store(std::uint64_t word, void* object) const;
  };
  struct PackedInstruction {
    std::vector<PackedField> fields;
    // For each 32 bits of an Instruction, those that must be zero: members it has no field for.
    std::array<std::uint32_t, sizeof(Instruction) / 4> absent{};
  };

  static PackedField Pack(const FieldEntry& field, int shift, const Geometry& geometry);
  // The encoding, and whether everything fits; if not, the encoding means nothing.
  bool Pack(const Instruction& instruction, EncodedInstruction& encoded) const;

  Geometry geometry_;
  std::array<PackedInstruction, 8> packed_;  // by opcode; empty for the unknown ones
  std::vector<PackedField> packed_uop_;
};

/// The bytes of instructions.bin. Errors begin "instruction 12: ".
Result<std::string> EncodeInstructions(std::span<const Instruction> instructions,
                                       const InstructionCodec& codec);
/// The bytes of uop.bin. Errors begin "micro-op 12: ".
Result<std::string> EncodeMicroOps(std::span<const MicroOp> uops, const InstructionCodec& codec);

/// Errors read "path: byte 32 (instruction 2): problem"; a size that is not a multiple of 16 bytes
/// is DataLoss.
Result<std::vector<Instruction>> DecodeInstructions(std::string_view bytes, std::string_view path,
                                                    const InstructionCodec& codec);
/// A size that is not a multiple of 4 bytes is DataLoss.
Result<std::vector<MicroOp>> DecodeMicroOps(std::string_view bytes, std::string_view path,
                                            const InstructionCodec& codec);

}  // namespace foothold::vta
