#!lua flags=allow-oom
-- Leases jobs to a worker, ad-hoc work first, one job at a time from the bucket that has waited longest for its turn.
-- Before that it reclaims expired leases and makes due retries ready.
-- A bucket without tokens is scored with the time at which it next has one; a bucket with as many jobs in flight as it
-- may have, with one second from now. So no worker ever holds a job that it may not start.
-- Shares: clock, jobs, buckets.
--
-- ARGV[1] worker    ARGV[2] most jobs to lease; 0 only reclaims    ARGV[3] length of a lease
-- ARGV[4] most jobs in flight per bucket
-- ARGV[5] interval between two job starts of a bucket    ARGV[6] what may be saved up of it, both in microseconds
-- ARGV[7] crashes after which a job is quarantined    ARGV[8] crashes after which it is dead
-- ARGV[9] when to ask again at the latest    ARGV[10] most jobs to reclaim, and to drop, in one call
--
-- Returns {microseconds after which to ask again,
--          {sweep, bucket, payload, token, attempt, cursor, when AWS began to throttle it or empty}...}
local worker, limit, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local cap, interval, saved = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local crashes_before_quarantine, most_crashes = tonumber(ARGV[7]), tonumber(ARGV[8])
local longest_wait, bound = tonumber(ARGV[9]), tonumber(ARGV[10])

local leased = {}

-- Reclaims a lease that expired. If the worker never confirmed the lease, the reply to its claim was lost: the job did
-- not run, so this is no crash.
local function reclaim_expired(member)
  local sweep, bucket, payload = split(member)
  local job = read_job(sweep, payload)
  if not job then
    -- The sweep has expired, and with it the record of which worker had the job.
    end_lease(bucket, member, { worker = "-", crashes = 1 }, cap)
    return
  end
  end_lease(bucket, member, job, cap)
  redis.call("HINCRBY", prefix .. "s:" .. sweep, "recovered", 1)
  if job.state == "a" then
    job.crashes = job.crashes + 1
  end
  if sweep_of(sweep).stopped then
    finish(sweep, payload, "c", "cancelled")
  elseif job.crashes >= most_crashes then
    bury(sweep, bucket, payload, job, "its worker died " .. job.crashes .. " times")
  else
    put_back(sweep, bucket, payload, job, crashes_before_quarantine)
  end
end

-- Makes a retry ready whose time has come.
local function make_due_ready(member)
  redis.call("ZREM", prefix .. "dly", member)
  local sweep, bucket, payload = split(member)
  local job = read_job(sweep, payload)
  if job and job.state == "w" then
    if sweep_of(sweep).stopped then
      finish(sweep, payload, "c", "cancelled")
    else
      put_back(sweep, bucket, payload, job, crashes_before_quarantine)
    end
  end
end

-- Leases a job that is in `state`; false when it has left that state, or its sweep was cancelled.
local function lease_job(sweep, bucket, payload, state)
  local job = read_job(sweep, payload)
  if not job or job.state ~= state then
    return false
  end
  if sweep_of(sweep).stopped then
    finish(sweep, payload, "c", "cancelled")
    return false
  end
  local since = string.match(job.worker, "^~(%d+)$") or ""
  job.state, job.token, job.worker = "l", next_token(), worker
  write_job(sweep, payload, job)
  redis.call("ZADD", prefix .. "lease", now + lease, sweep .. " " .. bucket .. " " .. payload)
  redis.call("HINCRBY", prefix .. "workers", worker, 1)
  leased[#leased + 1] = { sweep, bucket, payload, job.token, job.tries + job.crashes + 1, job.cursor,
    since }
  return true
end

-- Leases the first quarantined job that is still waiting.
local function lease_quarantined()
  for _ = 1, bound do
    local member = redis.call("LPOP", prefix .. "susp")
    if not member then
      return
    end
    local sweep, bucket, payload = split(member)
    if lease_job(sweep, bucket, payload, "s") then
      redis.call("HINCRBY", prefix .. "b:" .. bucket, "inflight", 1)
      redis.call("HSET", prefix .. "alone", "worker", worker, "job", member)
      return
    end
  end
end

-- Whether this worker is the one that runs, or waits to run, a quarantined job.
-- One such job runs at a time, in a worker without any other job: an idle worker, or the first one to ask, which then
-- gets no other job until it is idle.
local function is_isolated()
  local isolated = redis.call("HMGET", prefix .. "alone", "worker", "job", "until")
  local mine = isolated[1] == worker
  local idle = not redis.call("HGET", prefix .. "workers", worker)
  if isolated[1] and isolated[2] ~= "" then
    return mine
  end
  if isolated[1] and not mine and not idle and tonumber(isolated[3]) > now then
    return false
  end
  if redis.call("LLEN", prefix .. "susp") == 0 then
    if isolated[1] then
      redis.call("DEL", prefix .. "alone")
    end
    return false
  end
  redis.call("HSET", prefix .. "alone", "worker", worker, "job", "", "until", now + lease)
  if idle then
    lease_quarantined()
  end
  return true
end

-- Serves the bucket at the head of a ring; false when no bucket in it is due.
local function serve(class)
  local ring = prefix .. "ring:" .. class
  -- A served bucket goes behind all buckets that are due: each job leased in this call adds a microsecond to its score.
  local bucket = redis.call("ZRANGE", ring, "-inf", now + #leased, "BYSCORE", "LIMIT", 0, 1)[1]
  if not bucket then
    return false
  end
  local limiter = prefix .. "b:" .. bucket
  local fields = redis.call("HMGET", limiter, "inflight", "start", "width")
  local inflight, start = tonumber(fields[1]) or 0, tonumber(fields[2]) or 0
  if inflight >= math.min(cap, tonumber(fields[3]) or cap) then
    redis.call("ZADD", ring, now + 1000000, bucket)
    return true
  end
  if start - saved > now + #leased then
    redis.call("ZADD", ring, start - saved, bucket)
    return true
  end
  local entry = redis.call("LPOP", prefix .. "r:" .. bucket .. ":" .. class)
  if not entry then
    redis.call("ZREM", ring, bucket)
    return true
  end
  local sweep, payload = string.match(entry, "^(%S+) (.*)$")
  if lease_job(sweep, bucket, payload, "p") then
    start = math.max(start, now) + interval
    redis.call("HSET", limiter, "inflight", inflight + 1, "start", start)
    redis.call("ZADD", ring, math.max(start - saved, now + #leased), bucket)
  end
  return true
end

-- How long until the earliest member of a sorted set is due; `longest_wait` when the set is empty.
local function until_head(name)
  local head = redis.call("ZRANGE", prefix .. name, 0, 0, "WITHSCORES")
  return head[2] and math.max(0, tonumber(head[2]) - now) or longest_wait
end

if not in_grace_period(lease) then
  for _, member in ipairs(redis.call("ZRANGE", prefix .. "lease", "-inf", now, "BYSCORE", "LIMIT", 0, bound)) do
    reclaim_expired(member)
  end
end
for _, member in ipairs(redis.call("ZRANGE", prefix .. "dly", "-inf", now, "BYSCORE", "LIMIT", 0, bound)) do
  make_due_ready(member)
end

local wait = longest_wait
if limit > 0 and not is_isolated() then
  local steps = limit + bound
  for _, class in ipairs({ "now", "bulk" }) do
    while #leased < limit and steps > 0 and serve(class) do
      steps = steps - 1
    end
    wait = math.min(wait, until_head("ring:" .. class))
  end
  wait = math.min(wait, until_head("dly"))
end
keep_clock()
return { math.ceil(wait), unpack(leased) }
