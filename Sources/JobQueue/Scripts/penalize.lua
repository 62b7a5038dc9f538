#!lua flags=allow-oom
-- Records that AWS throttled an operation. When the quota is the cause, and not the ambient share of refusals, the rate
-- falls, the operation pauses, and the bucket starts no jobs during the pause.
-- Shares: clock, limiter.
--
-- ARGV[1] bucket    ARGV[2] operation    ARGV[3] first rate    ARGV[4] floor    ARGV[5] ceiling, calls a second
-- ARGV[6] what remains of the rate, such as 0.7    ARGV[7] microseconds after a fall in which refusals are ignored
-- ARGV[8] length of the pause in microseconds    ARGV[9] what a bucket may save up of its job starts
--
-- Returns 1 when the rate fell.
local remainder = tonumber(ARGV[6])
local key, operation = prefix .. "b:" .. ARGV[1], ARGV[2]
local state = read_rate(key, operation, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]))
if now - state.cut < tonumber(ARGV[7]) then
  return 0
end
state.heat, state.refused, state.failed = state.heat + 1, state.refused + 1, state.failed + 1
keep_clock()

local rate = rate_of(state)
local phase = phase_of(state)
-- The refused call was itself granted by the limiter, so it is among the counted. Few calls in a short time measure
-- nothing.
local seconds = state.quiet - state.from
local measured = state.count > 10 and seconds >= 2 and (state.count - state.failed) / seconds / (1 - state.ambient)

-- The rate falls to what passed of the calls since the first refusal, which is the quota. A small token bucket refuses
-- many calls as soon as the rate is slightly too high, so only a search, which may be far too high, takes long steps.
local function fall()
  local share = math.max((state.refused - 1) / math.max(1, state.calls - 1), state.heat / 20)
  local is_search = state.hold == first_hold and state.quiet < first_hold
  local least = not state.knee and 0.25 or is_search and 0.5 or 0.7
  local knee = rate * math.max(least, math.min(0.85, 1 - share + state.ambient))
  state.trial = nil
  begin_at(state, remainder * knee, knee, first_hold)
end

-- The rate falls because a probe, or growth past it, has met the quota. If that is not much above the known quota, the
-- next probe comes later. Refusals above the knee say nothing against the knee, at which nothing was refused.
local function fall_back()
  local knee = math.min(rate, nearness * (measured or 0))
  if phase == "grow" then
    knee = math.max(knee, remainder * rate)
  end
  knee = math.max((rate < state.knee and 0.99 or 1) * state.knee, knee)
  local is_raised = phase == "grow" and knee > 1.1 * state.knee
  local hold = is_raised and first_hold or math.min(2 * state.hold, 10 * steady_hold(rate))
  begin_at(state, (phase == "grow" and remainder or 0.85) * knee, knee, hold)
end

-- Whether AWS' token bucket is empty, whatever share of refusals is ambient.
local function is_empty()
  local few = state.refused >= 4 and (state.refused - 1) / math.max(1, state.calls - 1) > 0.4 + state.ambient
  return few or state.heat >= (state.knee and 5 or 3.5) + 20 * state.ambient
end

local fell = true
local share = state.refused / math.max(1, state.calls)
local is_alarming = state.knee and state.refused >= evidence * (state.ambient > 0 and 1.5 or 1)
if state.knee and (phase == "probe" or phase == "grow") then
  fell = exceeds(state.failed, state.count, state.ambient)
  if fell then
    fall_back()
  end
elseif is_empty() or is_alarming and share > most_ambient + state.ambient then
  fall()
elseif is_alarming and not state.trial then
  begin_trial(state, share, math.min(0.4, math.max(0.05, 2 * (share - state.ambient))))
else
  fell = false
end
if fell then
  local resume = now + ARGV[8]
  state.seen, state.cut, state.cuts = now, now, state.cuts + 1
  state.tat = math.max(state.tat, resume)
  -- claim.lua subtracts what was saved up from `start`; nothing may be saved up across a pause.
  local start = math.max(tonumber(redis.call("HGET", key, "start")) or 0, resume + ARGV[9])
  redis.call("HSET", key, "start", start)
end
write_rate(key, operation, state)
keep_max_in_flight(key, operation, rate_of(state))
return fell and 1 or 0
