#include "measure/fleet/server_files.h"

#include <fmt/core.h>

#include "base/sha256.h"
#include "base/text.h"

namespace foothold::measure {
namespace {

std::string Sha256Of(const std::string& text) {
  base::Sha256 hash;
  hash.Add(text);
  return hash.Finish();
}

/// The keys that a worker needs of each queue that it may serve.
std::string WorkerKeys(const ServerSetUp& set_up) {
  std::vector<std::string> queues = set_up.classes;
  if (queues.empty()) queues = {"*"};
  queues.push_back("dev:*");
  std::string keys;
  for (const std::string& queue : queues) {
    for (const char* kind : {"q", "crew", "ready", "lost"}) {
      keys += fmt::format(" ~fh:{}:{}", kind, queue);
    }
  }
  return keys + " ~fh:protocol ~fh:classes ~fh:w:* ~fh:j:* %W~fh:r:* %W~fh:stale";
}

constexpr const char* kWorkerCommands =
    "-@all +auth +ping +time +info +get +set +evalsha +script|load +xgroup|create "
    "+xgroup|delconsumer +xreadgroup +xadd +xack +xdel +xpending +xclaim +hset +hget +hdel "
    "+hexists +pexpire +del +sadd +zadd +zrem +zrangebyscore +zscore +zcount";

}  // namespace

std::string RedisConf(const ServerSetUp& set_up) {
  std::string text = fmt::format(
      "# Written by foothold fleet init. Start it with: redis-server {0}/redis.conf\n"
      "bind {1}\n"
      "protected-mode yes\n"
      "dir {0}\n"
      "aclfile {0}/users.acl\n"
      "appendonly yes\n"
      "appendfsync everysec\n"
      "save \"\"\n"
      "maxmemory-policy noeviction\n"
      "client-query-buffer-limit 8mb\n"
      "proto-max-bulk-len 4mb\n"
      "tcp-keepalive 15\n",
      set_up.directory, base::Joined(set_up.bind, " "));
  if (!set_up.tls) return text + fmt::format("port {}\n", set_up.port);
  return text + fmt::format(
                    "port 0\n"
                    "tls-port {1}\n"
                    "tls-cert-file {0}/server.crt\n"
                    "tls-key-file {0}/server.key\n"
                    "tls-ca-cert-file {0}/ca.crt\n"
                    "tls-auth-clients no\n",
                    set_up.directory, set_up.port);
}

std::string UsersAcl(const ServerSetUp& set_up, const std::string& tuner_password,
                     const std::string& worker_password) {
  return fmt::format(
      "user default off\n"
      "user tuner on #{} ~fh:* +@all -@admin -@dangerous +info\n"
      "user worker on #{}{} {}\n",
      Sha256Of(tuner_password), Sha256Of(worker_password), WorkerKeys(set_up), kWorkerCommands);
}

}  // namespace foothold::measure
