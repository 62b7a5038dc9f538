#!lua flags=allow-oom
-- Deletes dead letters. Their jobs stay dead in their sweeps' counts and cannot be replayed any more.
-- Shares: clock.
--
-- ARGV[1] `any`, or `expired`: only those whose sweep has expired and that were written ARGV[2] microseconds ago or
--         longer
-- ARGV[2] see above    ARGV[3...] ids of dead letters
--
-- Returns how many were deleted.
local only_expired, age = ARGV[1] == "expired", tonumber(ARGV[2])

local function may_go(id)
  if not only_expired then
    return true
  end
  local letter = redis.call("XRANGE", prefix .. "dead", id, id)[1]
  if not letter or tonumber(string.match(id, "^%d+")) * 1000 > server - age then
    return false
  end
  for i = 1, #letter[2], 2 do
    if letter[2][i] == "sweep" then
      return redis.call("EXISTS", prefix .. "s:" .. letter[2][i + 1]) == 0
    end
  end
  return true
end

local dropped = 0
for i = 3, #ARGV do
  if may_go(ARGV[i]) then
    dropped = dropped + redis.call("XDEL", prefix .. "dead", ARGV[i])
  end
end
return dropped
