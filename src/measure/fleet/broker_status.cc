#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "measure/fleet/broker.h"

namespace foothold::measure {
namespace {

bool IsAnyOf(const Reply& reply, const auto& codes) {
  return std::any_of(codes.begin(), codes.end(),
                     [&](std::string_view code) { return reply.IsError(code); });
}

constexpr std::array<std::string_view, 3> kLogin = {"WRONGPASS", "NOAUTH", "ERR AUTH"};
// It is there, and will serve once it is done with something or somebody has made room.
constexpr std::array<std::string_view, 9> kNotReady = {
    "LOADING",     "BUSY ",    "OOM",
    "MISCONF",     "READONLY", "MASTERDOWN",
    "CLUSTERDOWN", "TRYAGAIN", "ERR max number of clients"};

}  // namespace

Status StatusOf(const Reply& reply, const FleetAddress& address) {
  if (reply.kind != Reply::Kind::kError) return {};
  const std::string text = base::OneLine(reply.text.substr(0, 300));
  if (IsAnyOf(reply, kLogin)) {
    return Status::InvalidArgument(
        fmt::format("the fleet at {} does not let this user in: {}; give user and password as "
                    "redis://USER:PASSWORD@HOST, or the password in FOOTHOLD_FLEET_PASSWORD",
                    address.ToString(), text));
  }
  if (reply.IsError("NOPERM")) {
    return Status::InvalidArgument(fmt::format(
        "the fleet at {}: this user may not do that: {}; foothold fleet init writes users that may",
        address.ToString(), text));
  }
  if (IsAnyOf(reply, kNotReady)) {
    return Status::Unavailable(
        fmt::format("the fleet at {} is not ready: {}", address.ToString(), text));
  }
  return Status::InvalidArgument(
      fmt::format("the server at {} does not serve fleets: {}; Foothold needs Redis 6.2 or newer, "
                  "or Valkey",
                  address.ToString(), text));
}

}  // namespace foothold::measure
