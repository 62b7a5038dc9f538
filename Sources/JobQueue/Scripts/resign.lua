#!lua flags=allow-oom
-- Ends a leadership before its term, so that the next leader need not wait. Its number stays, because it fences writes.
-- Shares: clock.
--
-- ARGV[1] role    ARGV[2] holder
--
-- Returns 1; 0 when another leads.
local key = prefix .. "lead:" .. ARGV[1]
if redis.call("HGET", key, "holder") ~= ARGV[2] then
  return 0
end
keep_clock()
redis.call("HDEL", key, "holder", "until")
return 1
