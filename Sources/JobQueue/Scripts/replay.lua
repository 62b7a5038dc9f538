#!lua flags=allow-oom
-- Gives dead letters another life: all tries, no crashes, from the start. A sweep that was complete stays so, and its
-- counts are right again when the jobs are over.
-- Shares: clock, jobs, buckets.
--
-- ARGV[1...] ids of dead letters
--
-- Returns how many came back. A letter whose sweep has expired or was stopped stays where it is.
local replayed = 0
keep_clock()
for _, id in ipairs(ARGV) do
  local letter = redis.call("XRANGE", prefix .. "dead", id, id)[1]
  local fields = {}
  for i = 1, letter and #letter[2] or 0, 2 do
    fields[letter[2][i]] = letter[2][i + 1]
  end
  local job = letter and read_job(fields.sweep, fields.payload)
  if job and job.state == "x" and not sweep_of(fields.sweep).stopped then
    local key = prefix .. "s:" .. fields.sweep
    redis.call("XDEL", prefix .. "dead", id)
    redis.call("HINCRBY", key, "dead", -1)
    redis.call("HINCRBY", key, "replayed", 1)
    if redis.call("HEXISTS", key, "completed_at") == 1 then
      local retention = redis.call("HGET", key, "retention")
      redis.call("EXPIRE", key, retention)
      redis.call("EXPIRE", prefix .. "st:" .. fields.sweep, retention)
    end
    redis.call("HSET", prefix .. "st:" .. fields.sweep, fields.payload, "p")
    offer(fields.sweep, fields.bucket, fields.payload, false)
    replayed = replayed + 1
  end
end
return replayed
