#!lua flags=allow-oom
-- Cancels a sweep: no more of its jobs start, and running ones lose their leases at the next renewal. Each job is
-- counted as cancelled when a claim, a renewal or a settlement comes across it, so this takes constant time.
-- Shares: clock, jobs, fence.
--
-- ARGV[1] sweep    ARGV[2] role, or empty    ARGV[3] the leader's number, or 0
--
-- Returns 1; 0 when it was complete or cancelled before; -1 when a newer leader exists; -2 when there is no such sweep.
local sweep = ARGV[1]
if is_fenced(ARGV[2], ARGV[3]) then
  return -1
end
local key = prefix .. "s:" .. sweep
local fields = redis.call("HMGET", key, "opened", "completed_at", "stopped")
if not fields[1] then
  return -2
end
if fields[2] or fields[3] then
  return 0
end
keep_clock()
redis.call("HSET", key, "closed", 1, "stopped", 1)
redis.call("XADD", prefix .. "ev", "MAXLEN", "~", 10000, "*", "event", "cancelled", "sweep", sweep)
complete_if_over(sweep)
return 1
