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
local seconds = state.quiet - state.from
-- The refused call was granted here as well. Too few calls over too little time measure nothing.
local measured = state.count > 10 and seconds >= 2 and (state.count - 1) / seconds
-- Long enough that probes alone refuse less than one call in five hundred.
local steady = math.max(60, 600 / rate)
local phase = phase_of(state)
local knee, hold
if phase == "grow" then
  -- What growth has granted says nothing about the quota but that it is not far below.
  knee, hold = 0.85 * rate, first_hold
elseif phase == "probe" then
  knee = math.min(rate, measured or nearness * state.knee)
  hold = math.min(math.max(2 * state.hold, steady), 10 * steady)
else
  -- What was taken for the knee is above it; if that showed only after long, little.
  knee = math.min(rate, measured or 0.85 * rate)
  hold = seconds < 30 and first_hold or math.max(state.hold, steady)
end
local resume = now + ARGV[8]
redis.call("HSET", key, "knee:" .. operation, knee, "base:" .. operation, math.max(state.floor, rate * ARGV[6]),
  "quiet:" .. operation, 0, "hold:" .. operation, hold, "count:" .. operation, 0, "from:" .. operation, 0,
  "seen:" .. operation, now, "cut:" .. operation, now, "tat:" .. operation, math.max(state.tat, resume))
redis.call("HINCRBY", key, "cuts:" .. operation, 1)
-- The claim reads `start` less what was saved up; nothing is saved up across a pause.
local start = math.max(tonumber(redis.call("HGET", key, "start")) or 0, resume + ARGV[9])
redis.call("HSET", key, "start", start)
return 1
