-- Buckets: their ready jobs and their jobs in flight. Comes after the jobs.
--
-- <prefix>r:<bucket>:<class>  list: ready jobs, FIFO
-- <prefix>ring:<class>        sorted set: bucket -> when it may next be served; every bucket that has ready jobs
-- <prefix>b:<bucket>          hash: inflight; start, when the next job may start if no starts were saved up; and the
--                             limiter's fields, see shared-limiter.lua, of which width limits the jobs in flight
-- <prefix>lease, dly          sorted sets: member -> when the lease ends, when the retry is due
-- <prefix>susp                list: quarantined members, which must run in isolation
-- <prefix>workers             hash: worker -> its jobs in flight
-- <prefix>alone               hash: worker, job (empty until it has one), until: the worker that waits for, or runs,
--                             a quarantined job

-- Puts a job into its bucket's list.
local function offer(sweep, bucket, payload, at_head)
  local class = sweep_of(sweep).class
  redis.call(at_head and "LPUSH" or "RPUSH", prefix .. "r:" .. bucket .. ":" .. class, sweep .. " " .. payload)
  redis.call("ZADD", prefix .. "ring:" .. class, "NX", now, bucket)
end

-- Makes a job that was in flight or delayed ready again, at the head of its bucket; or quarantines it when it has
-- crashed `crashes_before_quarantine` times.
local function put_back(sweep, bucket, payload, job, crashes_before_quarantine)
  job.token, job.worker = "0", string.match(job.worker, "^~%d+$") or "-"
  if job.crashes >= crashes_before_quarantine then
    job.state = "s"
    redis.call("RPUSH", prefix .. "susp", sweep .. " " .. bucket .. " " .. payload)
  else
    job.state = "p"
    offer(sweep, bucket, payload, true)
  end
  write_job(sweep, payload, job)
end

-- Takes a job out of flight. A bucket that was full is served again at once; `cap` is the most jobs that any bucket may
-- have in flight.
local function end_lease(bucket, member, job, cap)
  redis.call("ZREM", prefix .. "lease", member)
  local key = prefix .. "b:" .. bucket
  local most = math.min(cap, tonumber(redis.call("HGET", key, "width")) or cap)
  if redis.call("HINCRBY", key, "inflight", -1) == most - 1 then
    redis.call("ZADD", prefix .. "ring:now", "XX", "LT", now, bucket)
    redis.call("ZADD", prefix .. "ring:bulk", "XX", "LT", now, bucket)
  end
  if redis.call("HINCRBY", prefix .. "workers", job.worker, -1) <= 0 then
    redis.call("HDEL", prefix .. "workers", job.worker)
  end
  if job.crashes > 0 and redis.call("HGET", prefix .. "alone", "job") == member then
    redis.call("DEL", prefix .. "alone")
  end
end

-- The three parts of a member.
local function split(member)
  return string.match(member, "^(%S+) (%S+) (.*)$")
end
