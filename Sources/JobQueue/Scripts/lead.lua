#!lua flags=allow-oom
-- Makes a holder lead a role for a term, or renews its term when it leads already.
-- Shares: clock.
--
-- <prefix>lead:<role>  hash: holder, until, number
--
-- ARGV[1] role    ARGV[2] holder    ARGV[3] term in microseconds
--
-- Returns the number of this leadership, which fences its writes: it is the same for all of its terms and greater than
-- that of any earlier leadership. 0 while another leads.
local key, holder = prefix .. "lead:" .. ARGV[1], ARGV[2]
local fields = redis.call("HMGET", key, "holder", "until", "number")
local number = fields[3]
if fields[1] ~= holder then
  if fields[1] and tonumber(fields[2]) > now then
    return 0
  end
  number = next_token()
end
redis.call("HSET", key, "holder", holder, "until", now + ARGV[3], "number", number)
keep_clock()
return tonumber(number)
