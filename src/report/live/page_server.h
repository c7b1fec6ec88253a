#pragma once

#include <functional>
#include <memory>
#include <string>

#include "foothold/status.h"
#include "report/live/serve_address.h"

namespace foothold::live {

/// Serves one page and its data over HTTP while it lives, from one thread of its own. It answers
/// GET and HEAD of / and /data.json and nothing else, reads nothing that a client sends but the
/// request, keeps a bounded number of connections and closes those where nothing happens: no client
/// can hold up anything but other clients.
class PageServer {
 public:
  /// `data` is called in the server's thread, one call at a time; what it throws is answered with
  /// an error. Unavailable when the address cannot be had, or when Foothold was built without an
  /// HTTP library.
  static Result<std::unique_ptr<PageServer>> Start(const ServeAddress& address, std::string page,
                                                   std::function<std::string()> data);
  /// Closes all connections. Waits for a call of `data` to end.
  virtual ~PageServer() = default;

  /// "http://127.0.0.1:8470/", with the port that it got.
  virtual std::string url() const = 0;
};

}  // namespace foothold::live
