#!lua
-- Opens a sweep, so that jobs can be enqueued in it.
-- Shares: clock, jobs, fence.
--
-- ARGV[1] sweep    ARGV[2] its priority, `now` or `bulk`    ARGV[3] seconds to keep it after its completion
-- ARGV[4] role, or empty    ARGV[5] the leader's number, or 0
--
-- <prefix>s:<sweep>  hash: priority, opened, retention; total, done, dead, cancelled, retried, recovered, replayed;
--                    closed, stopped, completed_at (seconds); and t:<name>, its jobs' tallies
-- <prefix>sweeps     sorted set: sweep -> when it was opened; this script removes expired ones
--
-- Returns 1; 0 when the sweep exists already, whatever its state; -1 when a newer leader exists.
local sweep, priority, retention = ARGV[1], ARGV[2], ARGV[3]
if is_fenced(ARGV[4], ARGV[5]) then
  return -1
end
keep_clock()
local key = prefix .. "s:" .. sweep
if redis.call("EXISTS", key) == 1 then
  return 0
end
for _, old in ipairs(redis.call("ZRANGE", prefix .. "sweeps", 0, 99)) do
  if redis.call("EXISTS", prefix .. "s:" .. old) == 0 then
    redis.call("ZREM", prefix .. "sweeps", old)
  end
end
redis.call("HSET", key, "priority", priority, "opened", string.format("%.3f", server / 1000000), "retention", retention,
  "total", 0, "done", 0, "dead", 0, "cancelled", 0, "retried", 0, "recovered", 0)
redis.call("ZADD", prefix .. "sweeps", now, sweep)
redis.call("XADD", prefix .. "ev", "MAXLEN", "~", 10000, "*", "event", "opened", "sweep", sweep)
return 1
