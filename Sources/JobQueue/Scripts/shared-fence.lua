-- The fence against a leader that was frozen and comes back. Comes after the clock.
--
-- <prefix>lead:<role>  hash: holder, until, number; the number grows with every change of the holder

-- Whether a newer leader than `number` exists; an empty role means work that needs no leader.
local function is_fenced(role, number)
  local newest = role ~= "" and tonumber(redis.call("HGET", prefix .. "lead:" .. role, "number")) or 0
  return newest > tonumber(number)
end
