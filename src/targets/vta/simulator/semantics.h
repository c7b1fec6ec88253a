#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace foothold::vta {

/// Whose answer a program's data gets where implementations of VTA differ
/// (docs/reference/vta-and-autotvm.md#where-engines-differ). Programs of Foothold's compilers give
/// the same answer under both; a program that breaks a limit does not.
enum class Semantics : std::uint8_t {
  /// TVM's functional simulator: an address beyond a scratchpad is an error, STORE reads the
  /// accumulators.
  kFsim,
  /// The Chisel RTL: addresses wrap at the end of a scratchpad, STORE reads the output scratchpad,
  /// shifts use five bits, an immediate is combined with acc[src], the ALU computes row 0 of a
  /// batch, MUL and ACC_8BIT do not exist, and a loop bound of 0 would run 2^14 times.
  kChisel,
};
std::string_view ToString(Semantics semantics);                  ///< "fsim", "chisel"
std::optional<Semantics> ParseSemantics(std::string_view name);  ///< nullopt: neither
std::string_view Describe(Semantics semantics);                  ///< a line for people

}  // namespace foothold::vta
