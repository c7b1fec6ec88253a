#include "measure/fleet/address.h"

#include <fmt/core.h>

#include <charconv>

namespace foothold::measure {
namespace {

constexpr std::string_view kForm =
    "must be redis://[USER[:PASSWORD]@]HOST[:PORT] or the same with rediss://";

Status Wrong(std::string_view problem) {
  return Status::InvalidArgument(fmt::format("the fleet's address {}; it {}", problem, kForm));
}

/// Takes the "USER:PASSWORD@" off the front of `rest`.
void TakeLogin(std::string_view& rest, FleetAddress& address) {
  const std::size_t at = rest.rfind('@');
  if (at == std::string_view::npos) return;
  const std::string_view login = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  const std::size_t colon = login.find(':');
  address.user = login.substr(0, colon);
  if (colon != std::string_view::npos) address.password = login.substr(colon + 1);
}

/// Takes the host off the front of `rest`; what stays is empty or ":PORT".
bool TakeHost(std::string_view& rest, FleetAddress& address) {
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return false;
    address.host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return !address.host.empty();
  }
  const std::size_t end = rest.find(':');
  address.host = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
  return !address.host.empty() && address.host.find_first_of("/?# ") == std::string::npos;
}

}  // namespace

std::string FleetAddress::ToString() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", tls ? "rediss" : "redis", is_v6 ? "[" : "", host,
                     is_v6 ? "]" : "", port);
}

Result<FleetAddress> ParseFleetAddress(std::string_view text) {
  FleetAddress address;
  if (text.starts_with("rediss://")) {
    address.tls = true;
    text.remove_prefix(9);
  } else if (text.starts_with("redis://")) {
    text.remove_prefix(8);
  } else {
    return Wrong("does not begin with redis://");
  }
  if (text.ends_with('/')) text.remove_suffix(1);
  TakeLogin(text, address);
  if (!TakeHost(text, address)) return Wrong("names no host");
  if (text.empty()) return address;
  text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), address.port);
  if (error != std::errc() || end != text.data() + text.size() || address.port < 1 ||
      address.port > 65535) {
    return Wrong("has a port that is no number from 1 to 65535");
  }
  return address;
}

}  // namespace foothold::measure
