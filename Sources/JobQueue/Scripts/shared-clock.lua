-- The fleet's clock, and the numbers that grow with it. Comes first in every script.
--
-- KEYS[1] is the prefix of every key, `{<fleet>}:`, whose hash tag keeps the fleet in one slot.
-- All times are microseconds of the Redis server's clock, made monotonic: when that clock steps back, or a replica with
-- a slower clock takes over, the difference is added from then on.
--
-- <prefix>clock  hash: last    the latest time that a writing script has seen
--                      offset  what is added to the server's clock
--                      token   the last number given to a lease or a leader; 16 digits, below 2^53 until 2255
--                      heard   when a worker last claimed jobs or renewed leases
--                      calm    when the grace period ends in which no expired lease is reclaimed
local prefix = KEYS[1]
local clock = redis.call("HMGET", prefix .. "clock", "last", "offset", "token", "heard", "calm")
local offset = tonumber(clock[2]) or 0
local token = tonumber(clock[3]) or 0

-- For how many seconds a bucket's learned rates are kept: longer than any sweep takes, but not for ever, because
-- accounts disappear.
local memory = 2592000

local time = redis.call("TIME")
local server = time[1] * 1000000 + time[2]
local now = server + offset
if now < (tonumber(clock[1]) or 0) then
  now = tonumber(clock[1])
  offset = now - server
end

-- Stores the clock. Every script that writes calls it.
local function keep_clock()
  redis.call("HSET", prefix .. "clock", "last", now, "offset", offset, "token", token)
end

-- Returns a number greater than that of every earlier lease and leader, even of those that a failover has lost.
local function next_token()
  token = math.max(token + 1, now)
  return string.format("%.0f", token)
end

-- Whether expired leases must not be reclaimed yet; also records that a worker was heard. When no worker was heard for
-- half a lease, the server itself was probably away: live workers then get two thirds of a lease to renew their leases.
local function in_grace_period(lease)
  local heard, grace_end = tonumber(clock[4]), tonumber(clock[5]) or 0
  if heard and now - heard > lease / 2 then
    grace_end = now + lease * 2 / 3
    redis.call("HSET", prefix .. "clock", "calm", grace_end)
  end
  redis.call("HSET", prefix .. "clock", "heard", now)
  return now < grace_end
end
