// Any text as an argument of the command: a config, an address to serve at, the host that a request
// names. Something usable comes out, or one line that says why not.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cli/common/arguments.h"
#include "report/live/serve_address.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireOneLine(const foothold::Status& status) {
  Require(!status.ok() && !status.message().empty());
  Require(status.message().find('\n') == std::string::npos);
}

void FuzzConfig(std::string_view text) {
  static const foothold::Space space =
      *foothold::Space::Create({{"tile_h", {1, 7, 14}}, {"order", {0, -3}}, {"fixed", {9}}});
  const auto config = foothold::cli::ParseConfig(text, space);
  if (!config.ok()) return RequireOneLine(config.status());
  Require(space.IsValid(*config));
  const std::string described = foothold::cli::DescribeConfig(space.parameters(), *config);
  Require(*foothold::cli::ParseConfig(described, space) == *config);
}

void FuzzAddress(std::string_view text) {
  const auto address = foothold::live::ParseServeAddress(text);
  if (!address.ok()) return RequireOneLine(address.status());
  const auto again = foothold::live::ParseServeAddress(address->ToString());
  Require(again.ok() && again->host == address->host && again->port == address->port);
  // A browser that asks a loopback server by its own address is let in.
  if (address->is_loopback()) Require(foothold::live::IsOwnHostHeader(address->ToString(), ""));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzConfig(text);
  FuzzAddress(text);
  foothold::live::IsOwnHostHeader(text, "lab3.example.org");
  return 0;
}
