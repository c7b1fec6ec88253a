// In the place of transport_tls.cc where OpenSSL is not installed.
#include "measure/fleet/transport.h"

namespace foothold::measure {

Result<std::unique_ptr<Transport>> ConnectTls(const FleetAddress&, double) {
  return Status::InvalidArgument(
      "this foothold was built without rediss://: install libssl-dev and build again, or use a "
      "tunnel (ssh -L) with redis://");
}

}  // namespace foothold::measure
