#pragma once

#include <string>
#include <vector>

namespace foothold::measure {

/// What a fleet's Redis server is to be like.
struct ServerSetUp {
  std::string directory;  ///< absolute: where its files are
  std::vector<std::string> bind = {"127.0.0.1"};
  int port = 6379;
  bool tls = false;                       ///< with server.crt, server.key and ca.crt of `directory`
  std::vector<std::string> classes = {};  ///< that workers may serve; empty: all
};

/// redis.conf: bound to the addresses named, users from users.acl, nothing without a password, and
/// what was acknowledged survives a restart.
std::string RedisConf(const ServerSetUp& set_up);

/// users.acl: `tuner`, who may do everything to the fleet's keys, and `worker`, who may take and
/// give back jobs of its classes and add results, and read or change nothing else. Passwords are
/// there as their SHA-256 only.
std::string UsersAcl(const ServerSetUp& set_up, const std::string& tuner_password,
                     const std::string& worker_password);

}  // namespace foothold::measure
