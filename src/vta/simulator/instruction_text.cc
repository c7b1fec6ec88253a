#include "vta/simulator/instruction_text.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "vta/simulator/units.h"

namespace foothold::vta {
namespace {

template <std::size_t kSize>
std::string Name(const std::array<std::string_view, kSize>& names, std::size_t index) {
  return index < kSize ? std::string(names[index]) : fmt::format("{}?", index);
}

constexpr std::array<std::string_view, 6> kMemories = {"UOP", "WGT", "INP", "ACC", "OUT", "ACC8"};
constexpr std::array<std::string_view, 5> kAluOps = {"MIN", "MAX", "ADD", "SHR", "MUL"};

std::string Flags(const Instruction& i) {
  std::string text;
  if (i.pop_prev) text += " pop_prev";
  if (i.pop_next) text += " pop_next";
  if (i.push_prev) text += " push_prev";
  if (i.push_next) text += " push_next";
  return text;
}

std::string Pads(const Instruction& i) {
  if ((i.y_pad_0 | i.y_pad_1 | i.x_pad_0 | i.x_pad_1) == 0) return "";
  return fmt::format(" pad {},{},{},{}", i.y_pad_0, i.y_pad_1, i.x_pad_0, i.x_pad_1);
}

}  // namespace

std::string Mnemonic(const Instruction& i) {
  switch (i.opcode) {
    case Opcode::kLoad:
      return "LOAD " + Name(kMemories, static_cast<std::size_t>(i.memory));
    case Opcode::kStore:
      return "STORE " + Name(kMemories, static_cast<std::size_t>(i.memory));
    case Opcode::kGemm:
      return i.reset ? "GEMM reset" : "GEMM";
    case Opcode::kAlu:
      return "ALU " + Name(kAluOps, static_cast<std::size_t>(i.alu_opcode));
    case Opcode::kFinish:
      return "FINISH";
  }
  return fmt::format("opcode {}?", static_cast<int>(i.opcode));
}

std::string Describe(const Instruction& i) {
  std::string text = Mnemonic(i);
  if (i.opcode == Opcode::kLoad || i.opcode == Opcode::kStore) {
    text += i.x_size == 0 ? " sync"
                          : fmt::format(" sram {} dram 0x{:x} y {} x {} stride {}{}", i.sram_base,
                                        i.dram_base, i.y_size, i.x_size, i.x_stride, Pads(i));
  } else if (i.opcode == Opcode::kGemm || i.opcode == Opcode::kAlu) {
    text += fmt::format(" uop {}..{} loop {}x{}", i.uop_begin, i.uop_end, i.iter_out, i.iter_in);
    if (i.use_imm) text += fmt::format(" imm {}", i.imm);
  }
  return text + Flags(i);
}

std::string_view ToString(Unit unit) {
  constexpr std::string_view kNames[] = {"load", "compute", "store", "fetch"};
  return kNames[static_cast<int>(unit)];
}

std::string_view ToString(TokenQueue queue) {
  constexpr std::string_view kNames[] = {"load->compute", "compute->load", "compute->store",
                                         "store->compute"};
  return kNames[static_cast<int>(queue)];
}

}  // namespace foothold::vta
