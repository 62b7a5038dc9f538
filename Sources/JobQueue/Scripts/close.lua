#!lua flags=allow-oom
-- Says that everything is enqueued; completes the sweep when its jobs are over already.
-- Shares: clock, jobs, fence.
--
-- ARGV[1] sweep    ARGV[2] role, or empty    ARGV[3] the leader's number, or 0
--
-- Returns 1; -1 when a newer leader exists; -2 when there is no such sweep.
local sweep = ARGV[1]
if is_fenced(ARGV[2], ARGV[3]) then
  return -1
end
local key = prefix .. "s:" .. sweep
if redis.call("EXISTS", key) == 0 then
  return -2
end
keep_clock()
redis.call("HSET", key, "closed", 1)
complete_if_over(sweep)
return 1
