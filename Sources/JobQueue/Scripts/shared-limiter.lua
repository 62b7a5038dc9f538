-- What is learned about one operation's rate in one bucket. AWS publishes no rate for most ECR calls, so the rate
-- grows while it is used in full, and falls when AWS refuses. After the clock.
--
-- Fields of <prefix>b:<bucket>, each followed by `:<operation>`:
--   knee   the rate at the last refusal; absent before the first
--   base   the rate right after it
--   quiet  seconds of full use since then
--   seen   when the last call was granted, and waited, whether another had to wait since
--   tat    when the next would be granted, had none been saved up (GCRA)
--   cut    when the rate last fell             cuts  how often it did

local function read_rate(key, operation, initial, floor, ceiling)
  local fields = redis.call("HMGET", key, "knee:" .. operation, "base:" .. operation, "quiet:" .. operation,
    "seen:" .. operation, "tat:" .. operation, "cut:" .. operation, "waited:" .. operation)
  return {
    knee = tonumber(fields[1]),
    base = tonumber(fields[2]) or initial,
    quiet = tonumber(fields[3]) or 0,
    seen = tonumber(fields[4]) or now,
    tat = tonumber(fields[5]) or 0,
    cut = tonumber(fields[6]) or 0,
    waited = fields[7] == "1",
    floor = floor,
    ceiling = ceiling,
  }
end

-- Calls a second: before any refusal it grows by a tenth a second; after one it climbs in seconds to 95 % of where it
-- was refused, feels its way past that in half a minute, and having passed it by a tenth takes the quota as raised.
local function rate_of(state)
  local rate
  if not state.knee then
    rate = state.base * 1.1 ^ math.min(state.quiet, 1000)
  else
    local climb = math.max(0, 0.95 * state.knee - state.base) / (0.05 * state.knee)
    local probe = state.quiet - climb
    if probe <= 0 then
      rate = state.base + 0.05 * state.knee * state.quiet
    elseif probe <= 30 then
      rate = 0.95 * state.knee + 0.005 * state.knee * probe
    else
      rate = 1.1 * state.knee * 1.05 ^ math.min(probe - 30, 1000)
    end
  end
  return math.max(state.floor, math.min(state.ceiling, rate))
end
