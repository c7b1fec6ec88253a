#pragma once

#include <string>

namespace foothold::vta {

/// The page docs/targets/vta-isa.md: the ISA table in Markdown, with bit positions for the default
/// geometry, and examples encoded and disassembled by this module. Deterministic.
std::string IsaMarkdown();

}  // namespace foothold::vta
