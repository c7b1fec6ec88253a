#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "measure/fleet/address.h"

namespace foothold::measure {

/// A real redis-server on a free port of the loopback, with its files in a temporary folder. Ends
/// with the test.
class RedisServer {
 public:
  /// Whether there is a redis-server on this machine, and this Foothold can talk to one.
  static bool IsInstalled();

  /// `options` are added to the server's command line.
  explicit RedisServer(std::vector<std::string> options = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  FleetAddress address() const;
  /// kill -9.
  void Kill();
  /// On the same port, with what is on its disk. Returns when it answers.
  void Start();
  /// While it is killed: what it had is gone.
  void LoseDisk();
  /// Writes a file into its folder, and returns the path.
  std::string WriteFile(const std::string& name, const std::string& text) const;

 private:
  const std::vector<std::string> options_;
  std::string folder_;
  int port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace foothold::measure

/// Skips the test where there is no redis-server to test with.
#define FOOTHOLD_NEEDS_REDIS()                                      \
  if (!::foothold::measure::RedisServer::IsInstalled()) {           \
    GTEST_SKIP() << "needs redis-server, and a build with hiredis"; \
  }                                                                 \
  static_assert(true)
