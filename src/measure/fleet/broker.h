#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "measure/fleet/address.h"

namespace foothold::measure {

/// What a Redis server (RESP2) answers to a command.
struct Reply {
  enum class Kind : std::uint8_t { kNil, kText, kInteger, kArray, kError };

  Kind kind = Kind::kNil;
  std::string text;             ///< of kText and kError ("NOGROUP No such key ...")
  std::int64_t integer = 0;     ///< of kInteger
  std::vector<Reply> elements;  ///< of kArray

  bool is_nil() const { return kind == Kind::kNil; }
  bool IsError(std::string_view code) const {
    return kind == Kind::kError && text.starts_with(code);
  }
};

/// A server-side script. It has static storage duration: brokers know it by its address.
struct Script {
  std::string_view text;
};

/// A connection to the server of a fleet. Once it is lost, the next call connects again, once; who
/// wants more patience than that calls again. Not thread-safe.
///
/// Errors of all calls: Unavailable when the server does not answer or is not ready to serve
/// (loading, out of memory); InvalidArgument when it does not know the user, the password, or this
/// user may not do that, and when it is no server for this fleet (FleetProtocol).
class Broker {
 public:
  using Words = std::vector<std::string>;

  virtual ~Broker() = default;
  /// One command. `patience_s`: how long the server itself may take by its own wish (BLOCK), beyond
  /// the few seconds that any answer may take. An error that the caller may understand (NOGROUP) is
  /// a Reply.
  virtual Result<Reply> Call(const Words& words, double patience_s = 0) = 0;
  /// Commands that do not depend on each other, in one round trip; their replies in order.
  virtual Result<std::vector<Reply>> CallAll(const std::vector<Words>& commands) = 0;
  /// A script with its keys and arguments. REQUIRES: `script` outlives the broker.
  virtual Result<Reply> Run(const Script& script, const Words& keys, const Words& arguments) = 0;
};

/// What both ends of a fleet must agree on (docs/formats/fleet.md). Kept in the server by whoever
/// comes first.
inline constexpr int kFleetProtocol = 1;

/// Connects, logs in, and checks the fleet's protocol. InvalidArgument in a Foothold that was built
/// without hiredis.
Result<std::unique_ptr<Broker>> ConnectToBroker(const FleetAddress& address);

/// An error reply as the caller's Status; ok for any other.
Status StatusOf(const Reply& reply, const FleetAddress& address);

}  // namespace foothold::measure
