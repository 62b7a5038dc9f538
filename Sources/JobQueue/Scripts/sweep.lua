#!lua flags=no-writes
-- Returns the progress of one sweep, or of all.
-- Shares: nothing.
--
-- ARGV[1] sweep, or empty for all that have not expired, the newest first
--
-- Returns {sweep, {field, value...}} for each; the fields are those of open.lua's s:<sweep>.
local prefix = KEYS[1]
local ids = ARGV[1] ~= "" and { ARGV[1] } or redis.call("ZRANGE", prefix .. "sweeps", 0, -1, "REV")
local found = {}
for _, id in ipairs(ids) do
  local fields = redis.call("HGETALL", prefix .. "s:" .. id)
  if #fields > 0 then
    found[#found + 1] = { id, fields }
  end
end
return found
