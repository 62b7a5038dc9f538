#!lua flags=allow-oom
-- Leads a role for a term, or renews the term of the one who leads.
-- Shares: clock.
--
-- <prefix>lead:<role>  hash: holder, until, number
--
-- ARGV[1] role    ARGV[2] holder    ARGV[3] term in microseconds
--
-- Returns the number of this leadership, by which later writes are fenced: the same for all its terms, greater than
-- any earlier one's. 0 while another leads.
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
