#pragma once

#include "measure/fleet/broker.h"

// What a worker asks of the server in one step each, in Redis's Lua. Only these change who a job
// belongs to, so the rules of leases and fences are all here.
namespace foothold::measure {

/// Renews a lease. KEYS: the worker, the classes, the held job's queue, and of each queue its crew
/// and its ready ones. ARGV: lease (ms), worker, class, whether it is ready, the held entry or "",
/// then what it says of itself. 0: the held job is no longer this worker's.
inline constexpr Script kBeat = {R"(
local t = redis.call('TIME')
local due = t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[1]
if #ARGV > 5 then redis.call('HSET', KEYS[1], unpack(ARGV, 6)) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('SADD', KEYS[2], ARGV[3])
for i = 4, #KEYS, 2 do
  redis.call('ZADD', KEYS[i], due, ARGV[2])
  if ARGV[4] == '1' then
    redis.call('ZADD', KEYS[i + 1], due, ARGV[2])
  else
    redis.call('ZREM', KEYS[i + 1], ARGV[2])
  end
end
if ARGV[5] == '' then return 1 end
local held = redis.pcall('XPENDING', KEYS[3], 'w', ARGV[5], ARGV[5], 1)
if held.err or not held[1] or held[1][2] ~= ARGV[2] then return 0 end
return 1
)"};

/// KEYS: a device's crew. ARGV: the worker that asks. How many others are there.
inline constexpr Script kDeviceIsTaken = {R"(
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local others = 0
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')) do
  if worker ~= ARGV[1] then others = others + 1 end
end
return others
)"};

/// KEYS: the worker, then of each queue its stream, crew and ready ones. ARGV: the worker.
inline constexpr Script kLeave = {R"(
redis.call('DEL', KEYS[1])
for i = 2, #KEYS, 3 do
  local held = redis.pcall('XPENDING', KEYS[i], 'w', '-', '+', 1, ARGV[1])
  redis.call('ZREM', KEYS[i + 2], ARGV[1])
  if held.err or #held == 0 then
    redis.call('ZREM', KEYS[i + 1], ARGV[1])
    redis.pcall('XGROUP', 'DELCONSUMER', KEYS[i], 'w', ARGV[1])
  end
end
return 1
)"};

/// Takes over a job whose worker's lease has ended. Its own device gets it back only when no other
/// one took it within another lease, or in the device's own queue. KEYS: stream, crew, ready ones,
/// lost devices. ARGV: worker, device, lease (ms), whether it is the device's own queue. Returns
/// entry, message, attempt and the devices that were lost with it; or nothing.
///
/// A worker without jobs is forgotten a minute later: what was being given out to it when its lease
/// ended may still arrive.
inline constexpr Script kTakeOver = {R"(
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'LIMIT', 0, 1000)
if #gone == 0 then return false end
local up = tonumber(string.match(redis.call('INFO', 'server'), 'uptime_in_seconds:(%d+)'))
if up * 1000 <= tonumber(ARGV[3]) then return false end
local ready = redis.call('ZCOUNT', KEYS[3], now, '+inf')
for _, worker in ipairs(gone) do
  local silent = now - redis.call('ZSCORE', KEYS[2], worker)
  local device = string.match(worker, '^(.*)/')
  local others_first = ARGV[4] == '0' and device == ARGV[2] and ready > 1 and
                       silent < tonumber(ARGV[3])
  local held = redis.pcall('XPENDING', KEYS[1], 'w', '-', '+', 1, worker)
  if held.err then return false end
  if #held == 0 then
    if silent > 60000 then
      redis.call('ZREM', KEYS[2], worker)
      redis.call('ZREM', KEYS[3], worker)
      redis.call('XGROUP', 'DELCONSUMER', KEYS[1], 'w', worker)
    end
  elseif not others_first then
    local id = held[1][1]
    local taken = redis.call('XCLAIM', KEYS[1], 'w', ARGV[1], 0, id)
    if #taken > 0 then
      local lost = redis.call('HGET', KEYS[4], id)
      lost = lost and (lost .. ' ' .. device) or device
      redis.call('HSET', KEYS[4], id, lost)
      local attempt = redis.call('XPENDING', KEYS[1], 'w', id, id, 1)[1][4]
      return {id, taken[1][2][2], attempt, lost}
    end
  end
end
return false
)"};

/// KEYS: stream, lost devices. ARGV: entry, worker, attempt, message, and the streams of results
/// and of stale results: who may only add to these must not name them as keys. 1, or 0 when the job
/// was no longer this worker's: the message is put aside.
inline constexpr Script kFinish = {R"(
local held = redis.pcall('XPENDING', KEYS[1], 'w', ARGV[1], ARGV[1], 1)
if held.err or not held[1] or held[1][2] ~= ARGV[2] or held[1][4] ~= tonumber(ARGV[3]) then
  redis.call('XADD', ARGV[6], 'MAXLEN', '~', 1000, '*', 'm', ARGV[4])
  return 0
end
redis.call('XADD', ARGV[5], '*', 'm', ARGV[4])
redis.call('PEXPIRE', ARGV[5], 604800000)
redis.call('XACK', KEYS[1], 'w', ARGV[1])
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
)"};

/// KEYS: stream, the run's jobs, lost devices. ARGV: entry, worker, attempt, message, job. Returns
/// as kFinish. What the tuner has withdrawn meanwhile is not put back.
inline constexpr Script kGiveBack = {R"(
local held = redis.pcall('XPENDING', KEYS[1], 'w', ARGV[1], ARGV[1], 1)
if held.err or not held[1] or held[1][2] ~= ARGV[2] or held[1][4] ~= tonumber(ARGV[3]) then
  return 0
end
if redis.call('HEXISTS', KEYS[2], ARGV[5]) == 1 then
  local id = redis.call('XADD', KEYS[1], '*', 'm', ARGV[4])
  redis.call('HSET', KEYS[2], ARGV[5], id)
end
redis.call('XACK', KEYS[1], 'w', ARGV[1])
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 1
)"};

/// KEYS: ready ones of a queue. Those whose lease has not ended.
inline constexpr Script kReady = {R"(
local t = redis.call('TIME')
return redis.call('ZRANGEBYSCORE', KEYS[1], t[1] * 1000 + math.floor(t[2] / 1000), '+inf')
)"};

}  // namespace foothold::measure
