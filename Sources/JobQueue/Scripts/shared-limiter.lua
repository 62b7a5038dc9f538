-- What is learned about one operation's rate in one bucket. AWS publishes no rate for most ECR calls, so the rate
-- grows while it is used in full, and falls when AWS refuses. After the clock.
--
-- A refusal means that AWS' token bucket is empty, and what was granted since it was last empty, over the time since,
-- is the quota itself: the knee. The rate then falls, climbs back to just below the knee and stays there; only after a
-- long while does it feel its way past, since each such probe costs a refusal where the quota has not been raised.
--
-- Fields of <prefix>b:<bucket>, each followed by `:<operation>`:
--   knee   what the quota was found to be at the last refusal; absent before the first
--   base   the rate right after it
--   quiet  seconds of full use since then
--   hold   for how many of them the rate stays below the knee before it probes
--   count  calls granted in full use since `from`, a value of quiet: the last refusal or the beginning of the probe
--   seen   when the last call was granted, and waited, whether another had to wait since
--   tat    when the next would be granted, had none been saved up (GCRA)
--   cut    when the rate last fell             cuts  how often it did

-- Seconds from the fall back to the knee; of the first stay there, while the knee is still a guess; and of a probe
-- until it takes the quota as raised.
local climb, first_hold, probe_length = 4, 8, 30
-- How near to the knee the rate stays, and how far a probe gets past that.
local nearness, reach = 0.97, 0.15

local function read_rate(key, operation, initial, floor, ceiling)
  local fields = redis.call("HMGET", key, "knee:" .. operation, "base:" .. operation, "quiet:" .. operation,
    "seen:" .. operation, "tat:" .. operation, "cut:" .. operation, "waited:" .. operation, "hold:" .. operation,
    "count:" .. operation, "from:" .. operation)
  return {
    knee = tonumber(fields[1]),
    base = tonumber(fields[2]) or initial,
    quiet = tonumber(fields[3]) or 0,
    seen = tonumber(fields[4]) or now,
    tat = tonumber(fields[5]) or 0,
    cut = tonumber(fields[6]) or 0,
    waited = fields[7] == "1",
    hold = tonumber(fields[8]) or first_hold,
    count = tonumber(fields[9]) or 0,
    from = tonumber(fields[10]) or 0,
    floor = floor,
    ceiling = ceiling,
  }
end

-- What the rate does, and for how many seconds it has done so: it grows while no knee is known, climbs back to it after
-- a refusal, stays there, probes what is above, and grows again where nothing refuses that.
local function phase_of(state)
  if not state.knee then
    return "grow", state.quiet
  end
  local seconds = state.quiet
  if nearness * state.knee > state.base then
    if seconds < climb then
      return "climb", seconds
    end
    seconds = seconds - climb
  end
  if seconds <= state.hold then
    return "stay", seconds
  end
  seconds = seconds - state.hold
  -- While the knee is a guess, the probe is a search and may take half as long.
  local length = state.hold > first_hold and probe_length or probe_length / 2
  if seconds <= length then
    return "probe", seconds, length
  end
  return "grow", seconds - length
end

-- Calls a second.
local function rate_of(state)
  local phase, seconds, length = phase_of(state)
  local plateau = nearness * (state.knee or 0)
  local rate = plateau
  if phase == "climb" then
    rate = state.base + (plateau - state.base) * seconds / climb
  elseif phase == "probe" then
    rate = plateau * (1 + reach * seconds / length)
  elseif phase == "grow" then
    rate = (state.knee and plateau * (1 + reach) or state.base) * 1.1 ^ math.min(seconds, 1000)
  end
  return math.max(state.floor, math.min(state.ceiling, rate))
end
