// Any text as a vta_config.json, and as a model name: a valid geometry comes out, or one line that
// says why not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "targets/vta/isa/codec.h"
#include "targets/vta/isa/hardware.h"

namespace {

using foothold::Status;
using foothold::vta::Geometry;

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireOneLine(const Status& status) { Require(!status.ok() && !status.message().empty()); }

void RequireUsable(const Geometry& geometry) {
  Require(foothold::vta::Validate(geometry).ok());
  const foothold::vta::InstructionCodec codec(geometry);
  Require(codec.Encode(foothold::vta::Instruction{}).ok());
  const auto model = foothold::vta::ParseModelName("sim_" + geometry.ModelName());
  Require(model.ok() && model->geometry == geometry);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = foothold::vta::ParseVtaConfig(text, "fuzz");
  if (config.ok()) {
    RequireUsable(config->geometry);
  } else {
    RequireOneLine(config.status());
  }
  const auto model = foothold::vta::ParseModelName(text);
  if (model.ok()) {
    RequireUsable(model->geometry);
  } else {
    RequireOneLine(model.status());
  }
  return 0;
}
