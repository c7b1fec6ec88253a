#include "targets/vta/simulator/instruction_text.h"

#include <algorithm>

#include "targets/vta/isa/disassembler.h"

namespace foothold::vta {

std::string Describe(const Instruction& instruction) {
  std::string text = Disassemble(instruction);
  const auto two_blanks = [](char a, char b) { return a == ' ' && b == ' '; };
  text.erase(std::unique(text.begin(), text.end(), two_blanks), text.end());
  return text;
}

}  // namespace foothold::vta
