#include "targets/vta/isa/codec.h"

#include <fmt/core.h>

#include <bit>
#include <cstring>

#include "base/check.h"
#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

constexpr std::uint64_t LowBits(int width) { return (std::uint64_t{1} << width) - 1; }

// Little-endian, whatever the machine.
void AppendBytes(std::uint64_t word, int bytes, std::string& out) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(word >> (8 * i)));
}

std::uint64_t ReadBytes(const char* at, int bytes) {
  std::uint64_t word = 0;
  for (int i = 0; i < bytes; ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
  }
  return word;
}

// LOAD and STORE share the memory field, not its values; one that moves nothing may have any.
Status CheckMemory(const Instruction& instruction) {
  const bool store = instruction.opcode == Opcode::kStore;
  if ((!store && instruction.opcode != Opcode::kLoad) || instruction.x_size == 0) return {};
  if (store == (instruction.memory == MemoryId::kOut)) return {};
  return Status::InvalidArgument(
      store ? fmt::format("store: memory is {}, must be out", ToString(instruction.memory))
            : "load: memory is out, which only STORE takes");
}

Status CheckWholeElements(std::string_view bytes, int element_bytes, std::string_view path,
                          std::string_view what) {
  const std::size_t size = static_cast<std::size_t>(element_bytes);
  const std::size_t rest = bytes.size() % size;
  if (rest == 0) return {};
  return Status(StatusCode::kDataLoss,
                fmt::format("{}: byte {}: {} of {} bytes is cut off after {}; the size must be a "
                            "multiple of {}, it is {}",
                            path, bytes.size() - rest, what, size, rest, size, bytes.size()));
}

}  // namespace

InstructionCodec::PackedField InstructionCodec::Pack(const FieldEntry& field, int shift,
                                                     const Geometry& geometry) {
  const int width = field.width.Bits(geometry);
  const std::int64_t min = field.Min(geometry);
  PackedField packed{};
  packed.is_byte = field.slot.type == FieldSlot::Type::kByte;
  packed.held = packed.is_byte ? 0xff : 0xffffffff;
  packed.bias = static_cast<std::uint32_t>(-min);
  packed.max = static_cast<std::uint32_t>(field.Max(geometry) - min);
  packed.bits = static_cast<std::uint32_t>(LowBits(width));
  packed.offset = static_cast<std::uint8_t>(field.slot.offset);
  packed.word = static_cast<std::uint8_t>(field.word);
  // A field of no bits may stand one past the word; it is always zero.
  packed.shift = static_cast<std::uint8_t>(width == 0 ? 0 : shift);
  return packed;
}

InstructionCodec::InstructionCodec(const Geometry& geometry) : geometry_(geometry) {
  FOOTHOLD_CHECK(Validate(geometry).ok(), "the codec was given a geometry that is not valid");
  for (const InstructionEntry& entry : IsaTable()) {
    PackedInstruction& packed = packed_[static_cast<std::size_t>(entry.opcode)];
    const std::vector<int> positions = FieldPositions(entry.fields, geometry);
    for (std::size_t i = 0; i < entry.fields.size(); ++i) {
      packed.fields.push_back(Pack(entry.fields[i], positions[i], geometry));
    }
    for (const FieldEntry& field : FieldsAbsentFrom(entry.opcode)) {
      const std::uint32_t held = Pack(field, 0, geometry).held;
      packed.absent[field.slot.offset / 4U] |= held << (8 * (field.slot.offset % 4U));
    }
  }
  const std::vector<int> positions = FieldPositions(MicroOpTable(), geometry);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    packed_uop_.push_back(Pack(MicroOpTable()[i], positions[i], geometry));
  }
}

// Reading four bytes at a byte's place and keeping the first is what lets one loop without branches
// serve all fields.
static_assert(std::endian::native == std::endian::little);
static_assert(sizeof(Instruction) % 4 == 0);

inline std::uint32_t InstructionCodec::PackedField::Load(const void* object) const {
  std::uint32_t value;
  std::memcpy(&value, static_cast<const std::byte*>(object) + offset, sizeof(value));
  return value & held;
}

inline bool InstructionCodec::PackedField::Store(std::uint64_t from, void* object) const {
  const auto raw = static_cast<std::uint32_t>(from >> shift) & bits;
  const std::uint32_t value = (raw ^ bias) - bias;  // extends the sign
  auto* at = static_cast<std::byte*>(object) + offset;
  if (is_byte) {
    *at = static_cast<std::byte>(value);
  } else {
    std::memcpy(at, &value, sizeof(value));
  }
  return value + bias <= max;
}

bool InstructionCodec::Pack(const Instruction& instruction, EncodedInstruction& encoded) const {
  const auto opcode = static_cast<std::size_t>(instruction.opcode);
  if (opcode >= packed_.size() || packed_[opcode].fields.empty()) return false;
  const PackedInstruction& packed = packed_[opcode];

  std::uint32_t misfits = 0;
  for (std::size_t i = 0; i < packed.absent.size(); ++i) {
    std::uint32_t held;
    std::memcpy(&held, reinterpret_cast<const std::byte*>(&instruction) + 4 * i, sizeof(held));
    misfits |= held & packed.absent[i];
  }
  encoded = {};
  for (const PackedField& field : packed.fields) {
    const std::uint32_t value = field.Load(&instruction);
    misfits |= value + field.bias > field.max ? 1 : 0;
    encoded[field.word] |= std::uint64_t{value & field.bits} << field.shift;
  }
  return misfits == 0;
}

bool InstructionCodec::Fits(const Instruction& instruction) const {
  EncodedInstruction encoded;
  return Pack(instruction, encoded);
}

Result<EncodedInstruction> InstructionCodec::Encode(const Instruction& instruction) const {
  EncodedInstruction encoded;
  if (!Pack(instruction, encoded)) return Validate(instruction, geometry_);
  return encoded;
}

Result<Instruction> InstructionCodec::Decode(const EncodedInstruction& encoded) const {
  const std::size_t opcode = encoded[0] & (packed_.size() - 1);
  const std::vector<PackedField>& fields = packed_[opcode].fields;
  if (fields.empty()) {
    return Status::InvalidArgument(
        fmt::format("opcode is {}, must be 0..{}", opcode, IsaTable().size() - 1));
  }
  Instruction instruction;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::uint64_t word = encoded[fields[i].word];
    if (fields[i].Store(word, &instruction)) continue;
    const InstructionEntry& entry = IsaTable()[opcode];
    return Status::InvalidArgument(
        fmt::format("{}: {} is {}, must be 0..{}", entry.mnemonic, entry.fields[i].name,
                    (word >> fields[i].shift) & fields[i].bits, entry.fields[i].Max(geometry_)));
  }
  FOOTHOLD_RETURN_IF_ERROR(CheckMemory(instruction));
  return instruction;
}

Result<std::uint32_t> InstructionCodec::Encode(const MicroOp& uop) const {
  std::uint64_t word = 0;
  for (const PackedField& field : packed_uop_) {
    const std::uint32_t value = field.Load(&uop);
    if (value > field.max) return Validate(uop, geometry_);
    word |= std::uint64_t{value} << field.shift;
  }
  return static_cast<std::uint32_t>(word);
}

MicroOp InstructionCodec::DecodeMicroOp(std::uint32_t word) const {
  MicroOp uop;
  for (const PackedField& field : packed_uop_) field.Store(word, &uop);
  return uop;
}

Result<std::string> EncodeInstructions(std::span<const Instruction> instructions,
                                       const InstructionCodec& codec) {
  std::string bytes;
  bytes.reserve(instructions.size() * kInstructionBytes);
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    const auto encoded = codec.Encode(instructions[i]);
    if (!encoded.ok()) {
      return Status::InvalidArgument(
          fmt::format("instruction {}: {}", i, encoded.status().message()));
    }
    for (const std::uint64_t word : *encoded) AppendBytes(word, 8, bytes);
  }
  return bytes;
}

Result<std::string> EncodeMicroOps(std::span<const MicroOp> uops, const InstructionCodec& codec) {
  std::string bytes;
  bytes.reserve(uops.size() * kMicroOpBytes);
  for (std::size_t i = 0; i < uops.size(); ++i) {
    const auto word = codec.Encode(uops[i]);
    if (!word.ok()) {
      return Status::InvalidArgument(fmt::format("micro-op {}: {}", i, word.status().message()));
    }
    AppendBytes(*word, kMicroOpBytes, bytes);
  }
  return bytes;
}

Result<std::vector<Instruction>> DecodeInstructions(std::string_view bytes, std::string_view path,
                                                    const InstructionCodec& codec) {
  FOOTHOLD_RETURN_IF_ERROR(CheckWholeElements(bytes, kInstructionBytes, path, "an instruction"));
  std::vector<Instruction> instructions;
  instructions.reserve(bytes.size() / kInstructionBytes);
  for (std::size_t at = 0; at < bytes.size(); at += kInstructionBytes) {
    const auto instruction = codec.Decode({ReadBytes(&bytes[at], 8), ReadBytes(&bytes[at + 8], 8)});
    if (!instruction.ok()) {
      return Status::InvalidArgument(fmt::format("{}: byte {} (instruction {}): {}", path, at,
                                                 at / kInstructionBytes,
                                                 instruction.status().message()));
    }
    instructions.push_back(*instruction);
  }
  return instructions;
}

Result<std::vector<MicroOp>> DecodeMicroOps(std::string_view bytes, std::string_view path,
                                            const InstructionCodec& codec) {
  FOOTHOLD_RETURN_IF_ERROR(CheckWholeElements(bytes, kMicroOpBytes, path, "a micro-op"));
  std::vector<MicroOp> uops;
  uops.reserve(bytes.size() / kMicroOpBytes);
  for (std::size_t at = 0; at < bytes.size(); at += kMicroOpBytes) {
    uops.push_back(codec.DecodeMicroOp(static_cast<std::uint32_t>(ReadBytes(&bytes[at], 4))));
  }
  return uops;
}

}  // namespace foothold::vta
