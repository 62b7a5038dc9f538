#!lua flags=allow-oom
-- Declares that everything is enqueued; completes the sweep when all of its jobs are over already.
-- Shares: clock, jobs, fence.
--
-- ARGV[1] sweep    ARGV[2] role, or empty    ARGV[3] the leader's number, or 0
-- ARGV[4] the server's run id from before the first job was enqueued, or empty
--
-- Returns 1; -1 when a newer leader exists; -2 when there is no such sweep; 0, and closes nothing, when the server has
-- restarted or failed over since: its last writes may be lost.
local sweep = ARGV[1]
if is_fenced(ARGV[2], ARGV[3]) then
  return -1
end
local key = prefix .. "s:" .. sweep
if redis.call("EXISTS", key) == 0 then
  return -2
end
if ARGV[4] ~= "" and string.match(redis.call("INFO", "server"), "run_id:(%x+)") ~= ARGV[4] then
  return 0
end
keep_clock()
redis.call("HSET", key, "closed", 1)
complete_if_over(sweep)
return 1
