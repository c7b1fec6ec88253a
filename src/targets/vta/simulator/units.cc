#include "targets/vta/simulator/units.h"

namespace foothold::vta {

std::string_view ToString(Unit unit) {
  constexpr std::string_view kNames[] = {"load", "compute", "store", "fetch"};
  return kNames[static_cast<int>(unit)];
}

std::string_view ToString(TokenQueue queue) {
  constexpr std::string_view kNames[] = {"load->compute", "compute->load", "compute->store",
                                         "store->compute"};
  return kNames[static_cast<int>(queue)];
}

}  // namespace foothold::vta
