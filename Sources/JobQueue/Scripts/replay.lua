#!lua flags=allow-oom
-- Gives dead letters another life: all tries, no crashes, from the start. A sweep that was complete stays so, and its
-- counts are right again when the jobs are over.
-- Shares: clock, jobs, buckets.
--
-- ARGV[1] `any`, or `crashed`: only what was never given another life by itself, and what nothing but the deaths of its
--         workers put there, ARGV[2] microseconds ago or longer
-- ARGV[2] see above    ARGV[3] crashes after which a job runs alone, which a crashed one does at once
-- ARGV[4...] ids of dead letters
--
-- <prefix>again:<sweep>  set: payloads that were given another life by themselves
--
-- Returns how many came back. A letter whose sweep has expired or was stopped stays where it is.
local only_crashed, age, suspicion = ARGV[1] == "crashed", tonumber(ARGV[2]), tonumber(ARGV[3])
local replayed = 0
keep_clock()

local function keep(sweep)
  local key = prefix .. "s:" .. sweep
  local retention = redis.call("HGET", key, "retention")
  if redis.call("HEXISTS", key, "completed_at") == 1 then
    redis.call("EXPIRE", key, retention)
    redis.call("EXPIRE", prefix .. "st:" .. sweep, retention)
  end
  return retention
end

-- Whether a letter may come back by itself; asking uses up its one time.
local function may_return(id, fields)
  local died = tonumber(string.match(id, "^%d+")) * 1000
  if fields.tries ~= "0" or fields.crashes == "0" or died > server - age then
    return false
  end
  local key = prefix .. "again:" .. fields.sweep
  local is_first = redis.call("SADD", key, fields.payload) == 1
  redis.call("EXPIRE", key, keep(fields.sweep))
  return is_first
end

for i = 4, #ARGV do
  local id = ARGV[i]
  local letter = redis.call("XRANGE", prefix .. "dead", id, id)[1]
  local fields = {}
  for j = 1, letter and #letter[2] or 0, 2 do
    fields[letter[2][j]] = letter[2][j + 1]
  end
  local job = letter and read_job(fields.sweep, fields.payload)
  if job and job.state == "x" and not sweep_of(fields.sweep).stopped
    and (not only_crashed or may_return(id, fields))
  then
    local key = prefix .. "s:" .. fields.sweep
    redis.call("XDEL", prefix .. "dead", id)
    redis.call("HINCRBY", key, "dead", -1)
    redis.call("HINCRBY", key, "replayed", 1)
    keep(fields.sweep)
    if only_crashed then
      job.crashes = suspicion
      put_back(fields.sweep, fields.bucket, fields.payload, job, suspicion)
    else
      redis.call("HSET", prefix .. "st:" .. fields.sweep, fields.payload, "p")
      offer(fields.sweep, fields.bucket, fields.payload, false)
    end
    replayed = replayed + 1
  end
end
return replayed
