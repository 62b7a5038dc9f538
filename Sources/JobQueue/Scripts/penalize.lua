#!lua flags=allow-oom
-- Lowers the rate of an operation that AWS throttled, lets it pause, and moves its bucket back.
-- Shares: clock, limiter.
--
-- ARGV[1] bucket    ARGV[2] operation    ARGV[3] first rate    ARGV[4] floor    ARGV[5] ceiling, calls a second
-- ARGV[6] what remains of the rate, such as 0.7    ARGV[7] microseconds in which further refusals count as the same
-- ARGV[8] length of the pause in microseconds    ARGV[9] what a bucket may save up of its job starts
--
-- Returns 1; 0 when the refusal belongs to the last one: calls already on their way do not count twice.
local key, operation = prefix .. "b:" .. ARGV[1], ARGV[2]
local state = read_rate(key, operation, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]))
if now - state.cut < tonumber(ARGV[7]) then
  return 0
end
keep_clock()
local rate = rate_of(state)
local resume = now + ARGV[8]
redis.call("HSET", key, "knee:" .. operation, rate, "base:" .. operation, math.max(state.floor, rate * ARGV[6]),
  "quiet:" .. operation, 0, "seen:" .. operation, now, "cut:" .. operation, now,
  "tat:" .. operation, math.max(state.tat, resume))
redis.call("HINCRBY", key, "cuts:" .. operation, 1)
-- The claim reads `start` less what was saved up; nothing is saved up across a pause.
local start = math.max(tonumber(redis.call("HGET", key, "start")) or 0, resume + ARGV[9])
redis.call("HSET", key, "start", start)
return 1
