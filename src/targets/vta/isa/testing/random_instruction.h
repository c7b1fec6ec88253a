#pragma once

#include <cstdint>
#include <cstring>

#include "foothold/rng.h"
#include "targets/vta/isa/isa_table.h"

// Only for tests.
namespace foothold::vta {

inline void StoreField(const FieldEntry& field, std::int64_t value, void* object) {
  auto* at = static_cast<unsigned char*>(object) + field.slot.offset;
  if (field.slot.type == FieldSlot::Type::kByte) {
    *at = static_cast<unsigned char>(value);
  } else {
    const auto narrow = static_cast<std::uint32_t>(value);
    std::memcpy(at, &narrow, sizeof(narrow));
  }
}

/// Uniform over the field's values, with its ends as likely as all between.
inline std::int64_t RandomValue(const FieldEntry& field, const Geometry& geometry, Rng& rng) {
  const std::int64_t min = field.Min(geometry);
  const std::int64_t max = field.Max(geometry);
  switch (rng.Below(3)) {
    case 0:
      return min;
    case 1:
      return max;
    default:
      return min + static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(max - min) + 1));
  }
}

/// An instruction for which Validate is ok: any opcode, any values that fit.
inline Instruction RandomInstruction(const Geometry& geometry, Rng& rng) {
  const InstructionEntry& entry = IsaTable()[rng.Below(IsaTable().size())];
  Instruction instruction;
  for (const FieldEntry& field : entry.fields) {
    StoreField(field, RandomValue(field, geometry, rng), &instruction);
  }
  instruction.opcode = entry.opcode;
  if (entry.opcode == Opcode::kStore) {
    instruction.memory = MemoryId::kOut;
    instruction.y_pad_0 = instruction.y_pad_1 = instruction.x_pad_0 = instruction.x_pad_1 = 0;
  }
  if (entry.opcode == Opcode::kLoad && instruction.memory == MemoryId::kOut) {
    instruction.memory = MemoryId::kInp;
  }
  return instruction;
}

inline MicroOp RandomMicroOp(const Geometry& geometry, Rng& rng) {
  MicroOp uop;
  for (const FieldEntry& field : MicroOpTable()) {
    StoreField(field, RandomValue(field, geometry, rng), &uop);
  }
  return uop;
}

/// The geometry of the PYNQ build with a batch of four: pynq_4x8_i8w8a32_15_16_16_18.
inline Geometry Geometry4x8() {
  Geometry geometry;
  geometry.log_batch = 2;
  geometry.log_block = 3;
  geometry.log_uop_buff_size = 15;
  geometry.log_inp_buff_size = 16;
  geometry.log_wgt_buff_size = 16;
  geometry.log_acc_buff_size = 18;
  return geometry;
}

/// One whose fields are narrower than the default's, all differently, so that words have room left.
inline Geometry SmallGeometry() {
  Geometry geometry;
  geometry.log_uop_buff_size = 10;
  geometry.log_inp_buff_size = 13;
  geometry.log_wgt_buff_size = 12;
  geometry.log_acc_buff_size = 12;
  return geometry;
}

}  // namespace foothold::vta
