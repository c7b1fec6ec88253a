#pragma once

#include "measure/fleet/broker.h"

// What a tuner asks of the server in one step each, in Redis's Lua.
namespace foothold::measure {

/// KEYS: the log's run, the count of runs. ARGV: whether it is a new run. The run's name.
inline constexpr Script kBegin = {R"(
if ARGV[1] == '0' then
  local known = redis.call('GET', KEYS[1])
  if known then return known end
end
local run = redis.call('INCR', KEYS[2]) .. '-' .. redis.call('TIME')[1]
redis.call('SET', KEYS[1], run, 'EX', 2592000)
return run
)"};

/// KEYS: stream, the run's jobs. ARGV: job, message, whether to put it in the place of one that was
/// submitted before.
inline constexpr Script kSubmit = {R"(
local before = redis.call('HGET', KEYS[2], ARGV[1])
if before then
  if ARGV[3] == '0' then return 0 end
  redis.call('XDEL', KEYS[1], before)
end
redis.call('HSET', KEYS[2], ARGV[1], redis.call('XADD', KEYS[1], '*', 'm', ARGV[2]))
redis.call('PEXPIRE', KEYS[2], 604800000)
return 1
)"};

/// KEYS: stream, the run's jobs. ARGV: jobs. Takes out those that no worker has.
inline constexpr Script kWithdraw = {R"(
for _, job in ipairs(ARGV) do
  local id = redis.call('HGET', KEYS[2], job)
  if id and #redis.call('XRANGE', KEYS[1], id, id) == 1 then
    local held = redis.pcall('XPENDING', KEYS[1], 'w', id, id, 1)
    if held.err or #held == 0 then
      redis.call('XDEL', KEYS[1], id)
      redis.call('HDEL', KEYS[2], job)
    end
  end
end
return 1
)"};

/// KEYS: stream, the run's jobs. ARGV: jobs. Those that are neither queued nor with a worker. What
/// has a result is among them: who asks reads the results afterwards.
inline constexpr Script kMissing = {R"(
local missing = {}
for _, job in ipairs(ARGV) do
  local id = redis.call('HGET', KEYS[2], job)
  if not id or #redis.call('XRANGE', KEYS[1], id, id) == 0 then table.insert(missing, job) end
end
return missing
)"};

}  // namespace foothold::measure
