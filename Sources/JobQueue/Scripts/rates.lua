#!lua flags=no-writes
-- Returns what the limiter has learned about buckets.
-- Shares: clock, limiter.
--
-- ARGV[1] first rate    ARGV[2] floor    ARGV[3] ceiling, calls a second    ARGV[4...] buckets
--
-- Returns {bucket, operation, calls a second as text, how often it was cut} for every operation that ever had a permit.
local rates = {}
for i = 4, #ARGV do
  local key = prefix .. "b:" .. ARGV[i]
  for _, field in ipairs(redis.call("HKEYS", key)) do
    local operation = string.match(field, "^tat:(.*)$")
    if operation then
      local state = read_rate(key, operation, tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
      local cuts = tonumber(redis.call("HGET", key, "cuts:" .. operation)) or 0
      rates[#rates + 1] = { ARGV[i], operation, string.format("%.3f", rate_of(state)), cuts }
    end
  end
end
return rates
