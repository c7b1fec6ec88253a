#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "foothold/status.h"
#include "measure/fleet/address.h"

namespace foothold::measure {

/// A stream of bytes to a server and back. The destructor closes it. Errors are Unavailable; after
/// one, it is of no more use. Not thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Sends all of `bytes`.
  virtual Status Write(std::string_view bytes, double timeout_s) = 0;
  /// Waits for bytes, and returns how many there are in `buffer`, at least one, at most `most` > 0.
  virtual Result<std::size_t> Read(char* buffer, std::size_t most, double timeout_s) = 0;
};

/// Over TCP, without delay.
Result<std::unique_ptr<Transport>> ConnectTcp(const FleetAddress& address, double timeout_s);
/// The same, encrypted, to a server whose certificate is good for `address.host`: signed by the
/// system's authorities or by the file in FOOTHOLD_FLEET_CA. InvalidArgument when it is not, and in
/// a Foothold that was built without OpenSSL.
Result<std::unique_ptr<Transport>> ConnectTls(const FleetAddress& address, double timeout_s);

}  // namespace foothold::measure
