#pragma once

#include <functional>
#include <memory>
#include <string>

#include "foothold/status.h"
#include "report/live/serve_address.h"

namespace foothold::live {

/// Serves one page and its data over HTTP while it lives, from one thread of its own. It answers
/// GET and HEAD of / and /data.json and nothing else, and reads nothing that a client sends but the
/// request. It keeps a bounded number of connections: one where nothing happens is closed, and when
/// there are too many, the oldest of the address that has most makes room. Requests must name this
/// machine (IsOwnHostHeader).
class PageServer {
 public:
  /// `data` is called in the server's thread, one call at a time, and all others wait for it; what
  /// it throws is answered with an error. Unavailable when the address cannot be had, or when
  /// Foothold was built without an HTTP library.
  static Result<std::unique_ptr<PageServer>> Start(
      const ServeAddress& address, std::string page,
      std::function<std::shared_ptr<const std::string>()> data);
  /// Closes all connections. Waits for a call of `data` to end.
  virtual ~PageServer() = default;

  /// "http://127.0.0.1:8470/", with the port that it got.
  virtual std::string url() const = 0;
};

}  // namespace foothold::live
