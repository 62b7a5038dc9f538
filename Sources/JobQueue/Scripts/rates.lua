#!lua flags=no-writes
-- What the limiter has learned about a bucket.
-- Shares: clock, limiter.
--
-- ARGV[1] bucket    ARGV[2] first rate    ARGV[3] floor    ARGV[4] ceiling, calls a second
--
-- Returns {operation, calls a second as text, how often it was cut} for every operation ever taken.
local key = prefix .. "b:" .. ARGV[1]
local rates = {}
for _, field in ipairs(redis.call("HKEYS", key)) do
  local operation = string.match(field, "^tat:(.*)$")
  if operation then
    local state = read_rate(key, operation, tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]))
    local cuts = tonumber(redis.call("HGET", key, "cuts:" .. operation)) or 0
    rates[#rates + 1] = { operation, string.format("%.3f", rate_of(state)), cuts }
  end
end
return rates
