#!lua flags=allow-oom
-- Enqueues dead letters again from the start, with all tries and no crashes. A complete sweep stays complete, and its
-- counts are right again when the jobs are over.
-- Shares: clock, jobs, buckets.
--
-- ARGV[1] `any`, or `crashed`: only letters that only crashes caused, that are ARGV[2] microseconds old or older, and
--         that were never replayed as crashed before
-- ARGV[2] see above    ARGV[3] crashes after which a job is quarantined; a crashed one is so at once
-- ARGV[4...] ids of dead letters
--
-- <prefix>again:<sweep>  set: payloads that were replayed as crashed
--
-- Returns how many were replayed. A letter whose sweep has expired or was cancelled stays where it is.
local only_crashed, age, crashes_before_quarantine = ARGV[1] == "crashed", tonumber(ARGV[2]), tonumber(ARGV[3])
local replayed = 0
keep_clock()

-- Keeps a complete sweep for its whole retention again.
local function keep(sweep)
  local key = prefix .. "s:" .. sweep
  local retention = redis.call("HGET", key, "retention")
  if redis.call("HEXISTS", key, "completed_at") == 1 then
    redis.call("EXPIRE", key, retention)
    redis.call("EXPIRE", prefix .. "st:" .. sweep, retention)
  end
  return retention
end

-- Whether a letter may be replayed as crashed, which each job may once; a true answer uses that up.
local function may_replay_crashed(id, fields)
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
    and (not only_crashed or may_replay_crashed(id, fields))
  then
    local key = prefix .. "s:" .. fields.sweep
    redis.call("XDEL", prefix .. "dead", id)
    redis.call("HINCRBY", key, "dead", -1)
    redis.call("HINCRBY", key, "replayed", 1)
    keep(fields.sweep)
    if only_crashed then
      job.crashes = crashes_before_quarantine
      put_back(fields.sweep, fields.bucket, fields.payload, job, crashes_before_quarantine)
    else
      redis.call("HSET", prefix .. "st:" .. fields.sweep, fields.payload, "p")
      offer(fields.sweep, fields.bucket, fields.payload, false)
    end
    replayed = replayed + 1
  end
end
return replayed
