-- What is learned about one operation's rate in one bucket. AWS publishes no rate for most ECR calls, so the rate
-- grows while it is used in full, and falls when AWS refuses. After the clock.
--
-- Many refusals at once mean that AWS' token bucket is empty: what still passed is the quota, the knee. The rate falls,
-- climbs back to just below the knee and stays there; only after a long while does it feel its way past, since each
-- such probe costs a refusal where the quota has not been raised.
-- A few refusals may be AWS' own trouble, or somebody else's calls, and nothing that a lower rate mends. So they lead
-- to a trial: the rate goes down a little, and only where the refusals go with it does it stay there. Otherwise their
-- share is ambient, the rate comes back, and from then on only what exceeds that share counts; now and then it is
-- tried again.
--
-- Fields of <prefix>b:<bucket>: width, how many of its jobs the slowest operation feeds, and narrow, that operation;
-- further ones, each followed by `:<operation>`:
--   knee     what the quota was found to be; absent before the first refusals
--   base     the rate right after it was found
--   quiet    seconds of full use since then
--   hold     for how many of them the rate stays below the knee before it probes
--   from     the value of quiet when the last fall or the last probe began
--   count    calls granted in full use since, and failed, those of them that were refused
--   heat     refusals among the last twenty calls or so
--   calls    calls granted since refusals were last no more than usual, and refused, those of them that were;
--            where something is ambient, in a span that ends when as much was to be expected as tells shares apart
--   ambient  the share of calls that AWS refuses at any rate
--   trial    during a trial, the share that was refused before it, and was, the knee before it
--   rest     how many spans have passed since the last trial
--   seen     when the last call was let go
--   tat      when the next would be granted, had none been saved up (GCRA)
--   turn     when the next of those who had to be sent away is to come back
--   cut      when the rate last fell             cuts  how often it did

-- Seconds from the fall back to the knee; of the first stay there, while the knee is still a guess; and of a probe
-- until it takes the quota as raised.
local climb, first_hold, probe_length = 4, 8, 30
-- How near to the knee the rate stays, and how far a probe gets past that.
local nearness, reach = 0.97, 0.15
-- The share of refusals that probes alone may cause; the largest that can be ambient; and how many refusals tell one
-- share from another.
local negligible, most_ambient, evidence = 0.002, 0.2, 8
-- What a repeated trial takes from the rate, and how many spans of evidence lie between two of them.
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

-- Keeps how many jobs of the bucket may be in flight: so many as the slowest of its operations feeds, and no more,
-- since they would only wait in workers' hands. An operation that nobody has asked for lately holds up nobody.
local function keep_width(key, operation, rate)
  local fields = redis.call("HMGET", key, "width", "narrow")
  local width, narrow = math.max(1, math.ceil(2 * rate)), fields[2] or operation
  local is_narrower = width < (tonumber(fields[1]) or math.huge)
  if is_narrower or narrow == operation
    or now - (tonumber(redis.call("HGET", key, "seen:" .. narrow)) or 0) > 10000000
  then
    redis.call("HSET", key, "width", width, "narrow", operation)
  end
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
  if seconds <= state.hold or state.trial then
    return "stay", seconds
  end
  seconds = seconds - state.hold
  -- While the knee is a guess, the probe is a search and may take half as long.
  local length = state.hold < 60 and probe_length / 2 or probe_length
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

-- Goes on from `base` towards `knee`, as after a fall.
local function begin_at(state, base, knee, hold)
  state.base, state.knee, state.hold = math.max(state.floor, base), knee, hold
  state.quiet, state.from, state.count, state.failed = 0, 0, 0, 0
  state.heat, state.calls, state.refused = 0, 0, 0
end

-- Goes down for a while, to see whether the refusals do as well.
local function begin_trial(state, share, part)
  state.was, state.rest = state.knee, 0
  begin_at(state, state.knee, state.knee * (1 - part), first_hold)
  state.trial = share
end

-- For how many seconds a knee that is no guess is left alone: long enough that probes alone refuse less than one call
-- in five hundred.
local function steady_hold(rate)
  return math.max(60, 600 / rate)
end

-- Whether more was refused of late than chance explains.
local function is_hot(state)
  return state.heat > 1 + 40 * state.ambient
end

-- Whether a count of refusals among so many calls is beyond what is ambient.
local function exceeds(refused, calls, ambient)
  return refused > ambient * calls + 3 * math.sqrt(ambient * calls)
end
