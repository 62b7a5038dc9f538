#!lua flags=allow-oom
-- Stops a sweep: no job of it starts any more, running ones are named lost at their next beat, and each is counted as
-- cancelled where a claim, a beat or a settlement meets it. Takes the same time however large the sweep is.
-- Shares: clock, jobs, fence.
--
-- ARGV[1] sweep    ARGV[2] role, or empty    ARGV[3] the leader's number, or 0
--
-- Returns 1; 0 when it was complete or stopped before; -1 when a newer leader exists; -2 when there is no such sweep.
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
