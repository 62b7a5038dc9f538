#!lua flags=allow-oom
-- Takes leave for further calls inside a job (GCRA, at the rate that was learned).
-- Shares: clock, limiter.
--
-- ARGV[1] bucket    ARGV[2] operation    ARGV[3] calls
-- ARGV[4] first rate    ARGV[5] floor    ARGV[6] ceiling, calls a second    ARGV[7] microseconds that may be saved up
--
-- Returns 0: granted; otherwise the microseconds after which to ask again. More calls than are saved up are granted
-- in advance, and the next ones wait for them.
local key, operation = prefix .. "b:" .. ARGV[1], ARGV[2]
local state = read_rate(key, operation, tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]))
local wait = state.tat - tonumber(ARGV[7]) - now
if wait > 0 then
  if not state.waited then
    redis.call("HSET", key, "waited:" .. operation, 1)
  end
  return math.ceil(wait)
end
-- Only a rate that is used in full proves anything: time in which nobody had to wait does not count as quiet.
if state.waited or state.tat > now then
  local seconds = (now - state.seen) / 1000000
  local phase = phase_of(state)
  state.quiet = state.quiet + math.min(seconds, math.max(1, 2 / rate_of(state)))
  state.count = state.count + ARGV[3]
  if phase == "stay" and phase_of(state) ~= "stay" then
    state.count, state.from = 0, state.quiet
  end
end
local tat = math.max(state.tat, now) + ARGV[3] * 1000000 / rate_of(state)
keep_clock()
redis.call("HSET", key, "quiet:" .. operation, state.quiet, "count:" .. operation, state.count,
  "from:" .. operation, state.from, "seen:" .. operation, now, "tat:" .. operation, tat)
redis.call("HDEL", key, "waited:" .. operation)
return 0
