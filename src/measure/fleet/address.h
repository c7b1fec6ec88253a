#pragma once

#include <string>
#include <string_view>

#include "foothold/status.h"

namespace foothold::measure {

/// Where a fleet's Redis server listens, and as whom to log in there.
struct FleetAddress {
  bool tls = false;  ///< rediss:// instead of redis://
  std::string host;
  int port = 6379;
  std::string user;      ///< empty: the server's default user
  std::string password;  ///< empty: no login

  /// "redis://host:port": fit for messages, as neither user nor password is in it.
  std::string ToString() const;
};

/// "redis://[USER[:PASSWORD]@]HOST[:PORT]" or the same with rediss://; an IPv6 HOST stands in
/// brackets. InvalidArgument says what is wrong, and never repeats a password.
Result<FleetAddress> ParseFleetAddress(std::string_view text);

}  // namespace foothold::measure
