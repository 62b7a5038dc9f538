-- Learns the rate of one operation in one bucket. AWS publishes no rate for most ECR calls, so the rate grows while it
-- is used in full, and falls when AWS refuses calls. Comes after the clock.
--
-- Many refusals at once mean that AWS' token bucket is empty: the rate that still passed is the quota, called the knee.
-- The rate falls, climbs back to just below the knee and stays there. Only after a long time does it probe above the
-- knee, because each probe costs a refusal unless the quota has been raised.
-- A few refusals may come from AWS' own trouble or from somebody else's calls, which a lower rate does not help. So
-- they start a trial: the rate goes down a little. If the refusals become fewer, it stays there. Otherwise their share
-- is ambient: the rate comes back, and from then on only refusals beyond that share count. The trial is repeated at
-- times.
--
-- Fields of <prefix>b:<bucket>: width, the most jobs in flight that the slowest operation can serve, and narrow, that
-- operation; and these, each followed by `:<operation>`:
--   knee     the quota that was found; absent before the first refusals
--   base     the rate right after the knee was found
--   quiet    seconds of full use since then
--   hold     for how many of these seconds the rate stays below the knee before it probes
--   from     the value of quiet when the last fall or the last probe began
--   count    calls granted in full use since then, and failed, those of them that were refused
--   heat     refusals among the last twenty calls or so
--   calls    calls granted since refusals were last no more than usual, and refused, those of them that were; with an
--            ambient share, since the span began, which ends when enough refusals are expected to measure that share
--   ambient  the share of calls that AWS refuses at any rate
--   trial    during a trial, the share that was refused before it, and was, the knee before it
--   rest     how many spans have ended since the last trial
--   seen     when the last call was granted
--   tat      when the next call would be granted if none were saved up (GCRA)
--   turn     when the last refused caller is to ask again
--   cut      when the rate last fell             cuts  how often it did

-- Seconds of the climb from a fall back to the knee; of the first stay there, while the knee is still a guess; and of a
-- probe, after which the quota counts as raised.
local climb, first_hold, probe_length = 4, 8, 30
-- How near to the knee the rate stays, and how far a probe goes beyond that.
local nearness, reach = 0.97, 0.15
-- The share of refusals that probes alone may cause; the largest share that can be ambient; and how many refusals it
-- takes to compare two shares.
local negligible, most_ambient, evidence = 0.002, 0.2, 8
-- By which share a repeated trial lowers the rate, and how many spans lie between two trials.
local trial_cut, trial_rest = 0.12, 10

local names = {
  "knee", "base", "quiet", "hold", "from", "count", "failed", "heat", "calls", "refused", "ambient", "trial", "was",
  "rest", "seen", "tat", "turn", "cut", "cuts",
}

local function read_rate(key, operation, initial, floor, ceiling)
  local fields = {}
  for i, name in ipairs(names) do
    fields[i] = name .. ":" .. operation
  end
  local state = { floor = floor, ceiling = ceiling }
  for i, value in ipairs(redis.call("HMGET", key, unpack(fields))) do
    state[names[i]] = tonumber(value) or 0
  end
  for _, name in ipairs({ "knee", "trial" }) do
    if state[name] == 0 then
      state[name] = nil
    end
  end
  if state.base == 0 then
    state.base, state.hold, state.seen = initial, first_hold, now
  end
  return state
end

local function write_rate(key, operation, state)
  local fields = { "trial:" .. operation, state.trial or 0 }
  for _, name in ipairs(names) do
    if state[name] and name ~= "trial" then
      fields[#fields + 1] = name .. ":" .. operation
      fields[#fields + 1] = state[name]
    end
  end
  redis.call("HSET", key, unpack(fields))
  redis.call("EXPIRE", key, memory)
end

-- Stores how many jobs of the bucket may be in flight: as many as its slowest operation can serve, because more would
-- only wait while workers hold them. An operation that was not used for ten seconds does not limit the bucket.
local function keep_max_in_flight(key, operation, rate)
  local fields = redis.call("HMGET", key, "width", "narrow")
  local max_in_flight, slowest_operation = math.max(1, math.ceil(2 * rate)), fields[2] or operation
  local is_lower = max_in_flight < (tonumber(fields[1]) or math.huge)
  if is_lower or slowest_operation == operation
    or now - (tonumber(redis.call("HGET", key, "seen:" .. slowest_operation)) or 0) > 10000000
  then
    redis.call("HSET", key, "width", max_in_flight, "narrow", operation)
  end
end

-- Returns the phase of the rate, the seconds since the phase began, and the length of a probe. The rate grows while no
-- knee is known, climbs back to the knee after a fall, stays there, probes above it, and grows again if nothing is
-- refused.
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
  if seconds <= state.hold or state.trial then
    return "stay", seconds
  end
  seconds = seconds - state.hold
  -- While the knee is a guess, the probe is a search and takes half as long.
  local length = state.hold < 60 and probe_length / 2 or probe_length
  if seconds <= length then
    return "probe", seconds, length
  end
  return "grow", seconds - length
end

-- Returns the present rate in calls a second.
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

-- Continues from `base` towards `knee`, as after a fall.
local function begin_at(state, base, knee, hold)
  state.base, state.knee, state.hold = math.max(state.floor, base), knee, hold
  state.quiet, state.from, state.count, state.failed = 0, 0, 0, 0
  state.heat, state.calls, state.refused = 0, 0, 0
end

-- Lowers the rate for a while, to see whether there are fewer refusals.
local function begin_trial(state, share, part)
  state.was, state.rest = state.knee, 0
  begin_at(state, state.knee, state.knee * (1 - part), first_hold)
  state.trial = share
end

-- Returns for how many seconds a confirmed knee is not probed: so long that probes alone cause less than one refusal in
-- five hundred calls.
local function steady_hold(rate)
  return math.max(60, 600 / rate)
end

-- Whether more calls were refused lately than chance explains.
local function is_hot(state)
  return state.heat > 1 + 40 * state.ambient
end

-- Whether so many refusals among so many calls exceed the ambient share.
local function exceeds(refused, calls, ambient)
  return refused > ambient * calls + 3 * math.sqrt(ambient * calls)
end
