// Any bytes as instructions, micro-ops and addresses of a VTA program: they decode or are refused
// with one line, and what decodes disassembles, encodes, and decodes to the same again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "targets/vta/isa/codec.h"
#include "targets/vta/isa/disassembler.h"
#include "targets/vta/isa/program_files.h"

namespace {

using foothold::Status;
using foothold::vta::InstructionCodec;

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireOneLine(const Status& status) {
  Require(!status.ok() && !status.message().empty());
  Require(status.message().find('\n') == std::string::npos);
}

void CheckInstructions(std::string_view bytes, const InstructionCodec& codec) {
  const auto decoded = foothold::vta::DecodeInstructions(bytes, "fuzz", codec);
  if (!decoded.ok()) return RequireOneLine(decoded.status());
  for (const auto& instruction : *decoded) {
    Require(foothold::vta::Disassemble(instruction).find('\n') == std::string::npos);
  }
  const auto encoded = foothold::vta::EncodeInstructions(*decoded, codec);
  Require(encoded.ok() && encoded->size() == bytes.size());
  Require(foothold::vta::DecodeInstructions(*encoded, "fuzz", codec).value() == *decoded);
}

void CheckMicroOps(std::string_view bytes, const InstructionCodec& codec) {
  const auto decoded = foothold::vta::DecodeMicroOps(bytes, "fuzz", codec);
  if (!decoded.ok()) return RequireOneLine(decoded.status());
  // At the default geometry a micro-op has no bit to spare.
  Require(foothold::vta::EncodeMicroOps(*decoded, codec).value() == bytes);
}

void CheckAddresses(std::string_view text, const InstructionCodec& codec) {
  const auto listed = foothold::vta::ParseMemoryAddresses(text, "fuzz", codec.geometry());
  if (!listed.ok()) return RequireOneLine(listed.status());
  const std::string written = foothold::vta::FormatMemoryAddresses(*listed);
  Require(foothold::vta::ParseMemoryAddresses(written, "fuzz", codec.geometry()).value() ==
          *listed);
}

}  // namespace

// The first byte chooses the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const InstructionCodec codec{foothold::vta::Geometry{}};
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      CheckInstructions(bytes, codec);
      break;
    case 1:
      CheckMicroOps(bytes, codec);
      break;
    default:
      CheckAddresses(bytes, codec);
  }
  return 0;
}
