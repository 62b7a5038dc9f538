#!lua
-- Adds one chunk of jobs to an open sweep; jobs that it already has, in whatever state, stay as they are.
-- A server without free memory refuses the whole chunk, because the first line does not allow otherwise; so a repeat
-- adds everything.
-- Shares: clock, jobs, buckets, fence.
--
-- ARGV[1] sweep    ARGV[2] role, or empty    ARGV[3] the leader's number, or 0
-- ARGV[4...] bucket and payload of each job; at most a few hundred jobs
--
-- Returns how many were new; -1 when a newer leader exists; -2 when there is no such sweep. A sweep that is closed or
-- cancelled takes no more jobs.
local sweep = ARGV[1]
if is_fenced(ARGV[2], ARGV[3]) then
  return -1
end
local key = prefix .. "s:" .. sweep
local fields = redis.call("HMGET", key, "opened", "closed")
if not fields[1] then
  return -2
end
if fields[2] == "1" then
  return 0
end
keep_clock()
local class = sweep_of(sweep).class
local states = prefix .. "st:" .. sweep
local added, seen = 0, 0
local offered = {}
for i = 4, #ARGV, 2 do
  local bucket, payload = ARGV[i], ARGV[i + 1]
  if redis.call("HSETNX", states, payload, "p") == 1 then
    added = added + 1
    redis.call("RPUSH", prefix .. "r:" .. bucket .. ":" .. class, sweep .. " " .. payload)
    if not offered[bucket] then
      offered[bucket] = true
      seen = seen + 1
      redis.call("ZADD", prefix .. "ring:" .. class, "NX", now + seen, bucket)
      redis.call("EXPIRE", prefix .. "b:" .. bucket, memory)
    end
  end
end
if added > 0 then
  redis.call("HINCRBY", key, "total", added)
end
return added
