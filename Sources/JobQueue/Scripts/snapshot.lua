#!lua flags=no-writes
-- Counts the jobs by state, for autoscalers and people. Its time grows with the number of buckets, not of jobs.
-- Shares: clock.
--
-- ARGV[1] most jobs in flight per bucket
--
-- Returns {ready, due, in flight, delayed, quarantined, dead, ready jobs that their buckets' limits allow to start,
-- age in seconds of the sweep of the oldest ready job}
local cap = tonumber(ARGV[1])
local ready, startable, oldest = 0, 0, server / 1000000
local opened = {}
local function opened_at(id)
  if not opened[id] then
    opened[id] = tonumber(redis.call("HGET", prefix .. "s:" .. id, "opened")) or server / 1000000
  end
  return opened[id]
end

for _, class in ipairs({ "now", "bulk" }) do
  for _, bucket in ipairs(redis.call("ZRANGE", prefix .. "ring:" .. class, 0, -1)) do
    local list = prefix .. "r:" .. bucket .. ":" .. class
    local length = redis.call("LLEN", list)
    if length > 0 then
      local fields = redis.call("HMGET", prefix .. "b:" .. bucket, "inflight", "width")
      local most = math.min(cap, tonumber(fields[2]) or cap)
      ready = ready + length
      startable = startable + math.max(0, math.min(length, most - (tonumber(fields[1]) or 0)))
      oldest = math.min(oldest, opened_at(string.match(redis.call("LINDEX", list, 0), "^(%S+)")))
    end
  end
end
local due = redis.call("ZCOUNT", prefix .. "dly", "-inf", now)
return {
  ready, due, redis.call("ZCARD", prefix .. "lease"), redis.call("ZCARD", prefix .. "dly") - due,
  redis.call("LLEN", prefix .. "susp"), redis.call("XLEN", prefix .. "dead"), startable,
  math.floor(server / 1000000 - oldest),
}
