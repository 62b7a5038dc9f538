#!lua flags=allow-oom
-- Ends a lease with the outcome of its attempt. The job's state, the number of jobs in flight, the sweep's counts and
-- its completion change in one step.
-- Shares: clock, jobs, buckets.
--
-- ARGV[1] sweep    ARGV[2] bucket    ARGV[3] payload    ARGV[4] token
-- ARGV[5] most jobs in flight per bucket    ARGV[6] crashes after which a job is quarantined
-- ARGV[7] outcome, and what follows it:
--   done     name and number of each tally
--   release  cursor: back to the head of its bucket, no try consumed
--   retry    delay in microseconds, reason, most tries (0 when this attempt consumes none), and when AWS began to
--            throttle the job: a time, `now`, or empty when it does not
--   discard  reason
--
-- Returns 1; 0, and changes nothing, when the lease was lost.
local sweep, bucket, payload = ARGV[1], ARGV[2], ARGV[3]
local cap, crashes_before_quarantine, outcome = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local job = read_job(sweep, payload)
if not holds(job, ARGV[4]) then
  return 0
end
local member = sweep .. " " .. bucket .. " " .. payload
keep_clock()
end_lease(bucket, member, job, cap)

local function release(cursor)
  -- An attempt that made progress did not kill its worker, so earlier crashes no longer count against the job.
  if cursor ~= "" and cursor ~= job.cursor then
    job.crashes = 0
  end
  job.cursor = cursor
  put_back(sweep, bucket, payload, job, crashes_before_quarantine)
end

local function retry(delay, reason, most, since)
  if most > 0 then
    job.tries = job.tries + 1
    if job.tries >= most then
      bury(sweep, bucket, payload, job, reason)
      return
    end
  end
  if since == "now" then
    since = string.format("%.0f", now)
  end
  job.state, job.token, job.worker = "w", "0", since ~= "" and "~" .. since or "-"
  write_job(sweep, payload, job)
  redis.call("ZADD", prefix .. "dly", now + delay, member)
  redis.call("HINCRBY", prefix .. "s:" .. sweep, "retried", 1)
end

if outcome == "done" then
  for i = 8, #ARGV, 2 do
    redis.call("HINCRBY", prefix .. "s:" .. sweep, "t:" .. ARGV[i], ARGV[i + 1])
  end
  finish(sweep, payload, "d", "done")
elseif outcome == "discard" then
  bury(sweep, bucket, payload, job, ARGV[8])
elseif sweep_of(sweep).stopped then
  finish(sweep, payload, "c", "cancelled")
elseif outcome == "release" then
  release(ARGV[8])
else
  retry(tonumber(ARGV[8]), ARGV[9], tonumber(ARGV[10]), ARGV[11])
end
return 1
