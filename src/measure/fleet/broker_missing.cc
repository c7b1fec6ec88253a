// In the place of broker_hiredis.cc where hiredis is not installed.
#include "measure/fleet/broker.h"

namespace foothold::measure {

Result<std::unique_ptr<Broker>> ConnectToBroker(const FleetAddress&) {
  return Status::InvalidArgument(
      "this foothold was built without fleets: install libhiredis-dev and build again");
}

}  // namespace foothold::measure
