#pragma once

#include <poll.h>

#include <memory>
#include <string>

#include "foothold/status.h"
#include "measure/fleet/address.h"

namespace foothold::measure {

/// An open socket, closed with it.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int descriptor() const { return descriptor_; }
  /// Until one of `events` (POLLIN, POLLOUT) holds; false when `timeout_s` passed first.
  bool WaitFor(short events, double timeout_s) const;

 private:
  const int descriptor_;
};

/// A connected TCP socket that never blocks. Unavailable, with the address and the system's reason.
Result<std::unique_ptr<Socket>> ConnectSocket(const FleetAddress& address, double timeout_s);

/// Unavailable: what happened to the connection.
Status Lost(const FleetAddress& address, const std::string& how);

}  // namespace foothold::measure
