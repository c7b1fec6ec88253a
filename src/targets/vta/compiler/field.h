#pragma once

#include <cstdint>

namespace foothold::vta {

/// A value as an instruction's field holds it. It must not be negative; whether it fits the field
/// is checked when the instruction is encoded.
inline std::uint32_t Field(std::int64_t value) { return static_cast<std::uint32_t>(value); }

}  // namespace foothold::vta
