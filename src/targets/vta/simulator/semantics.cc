#include "targets/vta/simulator/semantics.h"

namespace foothold::vta {

std::string_view ToString(Semantics semantics) {
  return semantics == Semantics::kFsim ? "fsim" : "chisel";
}

std::optional<Semantics> ParseSemantics(std::string_view name) {
  for (const Semantics semantics : {Semantics::kFsim, Semantics::kChisel})
    if (name == ToString(semantics)) return semantics;
  return std::nullopt;
}

std::string_view Describe(Semantics semantics) {
  return semantics == Semantics::kFsim
             ? "as TVM's functional simulator: STORE reads the accumulators, addresses beyond a "
               "scratchpad are errors, shifts take the whole amount"
             : "as the Chisel RTL: STORE reads the output scratchpad, addresses wrap, shifts take "
               "five bits and their direction from the immediate, immediates meet acc[src]";
}

}  // namespace foothold::vta
