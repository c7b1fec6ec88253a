#include "targets/vta/isa/disassembler.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

using Kind = Notation::Kind;

constexpr int kMnemonicColumns = 15;

std::string ValueText(const FieldEntry& field, std::int64_t value) {
  const auto index = static_cast<std::size_t>(value);
  if (!field.values.empty() && index < field.values.size()) {
    return std::string(field.values[index]);
  }
  return field.notation.kind == Kind::kHex ? fmt::format("{:#x}", value) : fmt::format("{}", value);
}

bool IsOperand(const FieldEntry& field) {
  return field.notation.kind == Kind::kOperand || field.notation.kind == Kind::kHex;
}

// The first fields of `fields` that make one operand: those with the label of the first.
std::span<const FieldEntry> FirstOperand(std::span<const FieldEntry> fields) {
  const auto differs = [&](const FieldEntry& field) {
    return field.notation.label != fields[0].notation.label || !IsOperand(field);
  };
  const auto end = std::find_if(fields.begin() + 1, fields.end(), differs);
  return fields.first(static_cast<std::size_t>(end - fields.begin()));
}

void AppendOperand(std::span<const FieldEntry> fields, const void* object, std::string& out) {
  bool all_zero = true;
  std::string values;
  for (const FieldEntry& field : fields) {
    const std::int64_t value = field.slot.Load(object);
    all_zero = all_zero && value == 0;
    if (!values.empty()) values += field.notation.joiner;
    values += ValueText(field, value);
  }
  if (all_zero && fields[0].notation.hidden_at_zero) return;
  out += fmt::format("{}{}={}", out.empty() ? "" : " ", fields[0].notation.label, values);
}

std::string Operands(std::span<const FieldEntry> fields, const void* object) {
  std::string out;
  while (!fields.empty()) {
    const bool is_operand = IsOperand(fields[0]);
    const auto first = is_operand ? FirstOperand(fields) : fields.first(1);
    if (is_operand) AppendOperand(first, object, out);
    fields = fields.subspan(first.size());
  }
  return out;
}

std::string Mnemonic(const InstructionEntry& entry, const Instruction& instruction) {
  std::string mnemonic(entry.mnemonic);
  for (const FieldEntry& field : entry.fields) {
    if (field.notation.kind != Kind::kSuffix) continue;
    const std::int64_t value = field.slot.Load(&instruction);
    if (!field.values.empty()) {
      mnemonic += fmt::format(".{}", ValueText(field, value));
    } else if (value != 0) {
      mnemonic += fmt::format(".{}", field.notation.label);
    }
  }
  return mnemonic;
}

std::string Flags(const InstructionEntry& entry, const Instruction& instruction) {
  std::string flags;
  for (const FieldEntry& field : entry.fields) {
    if (field.notation.kind != Kind::kFlag || field.slot.Load(&instruction) == 0) continue;
    flags += fmt::format("{}{}", flags.empty() ? "" : " ", field.name);
  }
  return flags;
}

}  // namespace

std::string Disassemble(const Instruction& instruction) {
  const auto opcode = static_cast<std::size_t>(instruction.opcode);
  if (opcode >= IsaTable().size()) return fmt::format("unknown opcode {}", opcode);
  const InstructionEntry& entry = IsaTable()[opcode];
  const std::string operands = Operands(entry.fields, &instruction);
  const std::string flags = Flags(entry, instruction);
  std::string line = Mnemonic(entry, instruction);
  if (!operands.empty()) line = fmt::format("{:<{}} {}", line, kMnemonicColumns, operands);
  if (flags.empty()) return line;
  return operands.empty() ? fmt::format("{:<{}} {}", line, kMnemonicColumns, flags)
                          : line + "  " + flags;
}

std::string Disassemble(const MicroOp& uop) { return Operands(MicroOpTable(), &uop); }

}  // namespace foothold::vta
