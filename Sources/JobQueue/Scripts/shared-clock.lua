-- The fleet's clock and the numbers that grow with it. First in every script.
--
-- KEYS[1] is the prefix of every key, `{<fleet>}:`, whose hash tag keeps the fleet in one slot.
-- All times are microseconds of the server's clock, and nobody else's, which is kept from stepping back: where it
-- does, or where a replica with a slower clock takes over, the difference is added from then on.
--
-- <prefix>clock  hash: last    the latest time that a writing script has seen
--                      offset  what is added to the server's clock
--                      token   the last number given to a lease or a leader; 16 digits, below 2^53 until 2255
--                      heard   when a worker last claimed or beat
--                      calm    until when no expired lease is taken back
local prefix = KEYS[1]
local clock = redis.call("HMGET", prefix .. "clock", "last", "offset", "token", "heard", "calm")
local offset = tonumber(clock[2]) or 0
local token = tonumber(clock[3]) or 0

-- For how many seconds what was learned about a bucket is remembered: longer than any sweep takes, but not for an
-- account that is gone.
local memory = 2592000

local time = redis.call("TIME")
local server = time[1] * 1000000 + time[2]
local now = server + offset
if now < (tonumber(clock[1]) or 0) then
  now = tonumber(clock[1])
  offset = now - server
end

-- Remembers the clock. Every script that writes calls it.
local function keep_clock()
  redis.call("HSET", prefix .. "clock", "last", now, "offset", offset, "token", token)
end

-- A number that no earlier lease or leader had, not even on a primary whose last writes were lost.
local function next_token()
  token = math.max(token + 1, now)
  return string.format("%.0f", token)
end

-- Whether expired leases may be taken back. Where no worker was heard for half a lease, the server was likely away
-- itself; live workers then get two thirds of a lease to renew before their jobs are given to others.
local function is_calm(lease)
  local heard, calm = tonumber(clock[4]), tonumber(clock[5]) or 0
  if heard and now - heard > lease / 2 then
    calm = now + lease * 2 / 3
    redis.call("HSET", prefix .. "clock", "calm", calm)
  end
  redis.call("HSET", prefix .. "clock", "heard", now)
  return now >= calm
end
