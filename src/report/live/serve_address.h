#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foothold/status.h"

namespace foothold::live {

/// Where a server listens.
struct ServeAddress {
  std::string host = "127.0.0.1";  ///< an IPv4 or IPv6 address in numbers
  std::uint16_t port = 8470;       ///< 0: any free one

  bool is_ipv6() const { return host.find(':') != std::string::npos; }
  /// "127.0.0.0/8" or "::1": nobody on another machine reaches it.
  bool is_loopback() const;
  /// "127.0.0.1:8470", "[::1]:8470".
  std::string ToString() const;
};

/// Reads "PORT", "ADDRESS:PORT" or "[IPV6]:PORT"; without an address it is loopback.
/// InvalidArgument says what would be right.
Result<ServeAddress> ParseServeAddress(std::string_view text);

/// Whether `host`, the Host header of a request, names this machine: by numbers, as localhost, or
/// by `own_name` or its first label, unless that is empty. A page of somebody else's, whose name
/// was made to lead to this machine, asks with that name.
bool IsOwnHostHeader(std::string_view host, std::string_view own_name);

/// What the machine calls itself; empty when that cannot be told.
std::string OwnHostName();

}  // namespace foothold::live
