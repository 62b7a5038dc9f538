#!lua flags=allow-oom
-- Stops a sweep: no job of it starts any more, running ones are named lost at their next beat, and each is counted as
-- cancelled where a claim, a beat or a settlement meets it. Takes the same time however large the sweep is.
-- Shares: clock, jobs.
--
-- ARGV[1] sweep
--
-- Returns 1; 0 when it was complete or stopped before; -2 when there is no such sweep.
local sweep = ARGV[1]
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
