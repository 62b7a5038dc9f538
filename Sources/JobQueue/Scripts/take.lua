#!lua flags=allow-oom
-- Acquires a permit for calls inside a job, at the learned rate (GCRA).
-- Shares: clock, limiter.
--
-- ARGV[1] bucket    ARGV[2] operation    ARGV[3] calls
-- ARGV[4] first rate    ARGV[5] floor    ARGV[6] ceiling, calls a second    ARGV[7] microseconds that may be saved up
-- ARGV[8] how many calls are granted ahead of their time
--
-- Returns {1, microseconds after which to call}, or {0, microseconds after which to ask again}. Refused callers come
-- back in the order in which they asked, a little faster than calls are granted. A request for more calls than are
-- saved up is granted in advance, and the next ones wait for it.
local key, operation, calls = prefix .. "b:" .. ARGV[1], ARGV[2], tonumber(ARGV[3])
local state = read_rate(key, operation, tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]))
local rate = rate_of(state)
local interval = 1000000 / rate
-- Only whole calls are saved up.
local saved = math.floor(ARGV[7] / interval) * interval
local ahead = ARGV[8] * interval
local start = math.max(now, state.tat - saved)
if start > now + ahead then
  local turn = math.min(math.max(state.turn, start - ahead) + interval / 1.5, now + 5000000)
  redis.call("HSET", key, "turn:" .. operation, turn)
  return { 0, math.ceil(turn - now) }
end

-- Ends a trial. If a lower rate brought fewer refusals, the difference was our fault and the rate was too high by as
-- much; the remaining refusals are ambient.
local function end_trial()
  local before, share, was = state.trial, state.refused / state.calls, state.was
  state.trial = nil
  if share < 0.75 * before then
    local knee = math.max(state.knee, was * (1 - before + share))
    begin_at(state, rate, knee, steady_hold(knee))
    state.ambient = share < before / 3 and math.min(state.ambient, share) or math.min(most_ambient, share)
  else
    begin_at(state, rate, was, first_hold)
    state.ambient = math.min(most_ambient, (before + share) / 2)
  end
end

-- Ends a span in which only the ambient share was refused. This can lower that share; only a trial raises it.
local function end_span(phase)
  local share = state.refused / state.calls
  state.ambient = state.ambient + math.min(0, share - state.ambient) / 5
  if state.ambient < negligible then
    state.ambient = 0
  end
  state.calls, state.refused, state.rest = 0, 0, state.rest + 1
  if state.rest >= trial_rest and phase == "stay" then
    begin_trial(state, math.max(share, state.ambient), trial_cut)
  end
end

-- Only a rate that is used in full proves anything, so time in which nobody had to wait does not count as quiet.
local phase = phase_of(state)
if state.tat > now then
  local seconds = (start - state.seen) / 1000000
  local before = state.quiet
  state.quiet = before + math.max(0, math.min(seconds, math.max(1, 2 / rate)))
  state.count = state.count + calls
  if phase == "stay" and phase_of(state) ~= "stay" then
    -- If calls are refused at this rate already, more would be at a higher one.
    state.quiet = is_hot(state) and before or state.quiet
    state.count, state.failed, state.from = 0, 0, state.quiet
  end
end
state.heat = state.heat * 0.95 ^ calls
state.calls = state.calls + calls
if state.trial then
  if state.calls * state.trial >= evidence then
    end_trial()
  end
elseif state.ambient > 0 then
  if state.calls * state.ambient >= evidence then
    end_span(phase)
  end
elseif state.refused <= negligible * state.calls then
  -- The answers to the calls of the last half second may still be under way.
  state.calls, state.refused = math.min(state.calls, rate / 2), 0
end
state.seen = start
state.tat = math.max(state.tat, now) + calls * interval
keep_clock()
write_rate(key, operation, state)
keep_max_in_flight(key, operation, rate)
return { 1, math.ceil(start - now) }
