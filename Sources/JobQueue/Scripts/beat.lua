#!lua flags=allow-oom
-- Renews the leases of a worker, and returns the lost ones: their jobs run elsewhere, are over, or were cancelled.
-- The first renewal of a lease confirms that the worker received it. An expired lease that nobody has reclaimed is
-- renewed as well.
-- Shares: clock, jobs, buckets.
--
-- ARGV[1] worker    ARGV[2] length of a lease    ARGV[3] most jobs in flight per bucket
-- ARGV[4...] sweep, bucket, payload and token of each job
--
-- Returns the positions, from 0, of the lost leases' jobs.
local worker, lease, cap = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local lost = {}
-- Called only to record that a worker was heard.
in_grace_period(lease)
keep_clock()
for i = 4, #ARGV, 4 do
  local sweep, bucket, payload = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local member = sweep .. " " .. bucket .. " " .. payload
  local job = read_job(sweep, payload)
  if not holds(job, ARGV[i + 3]) or job.worker ~= worker then
    lost[#lost + 1] = (i - 4) / 4
  elseif sweep_of(sweep).stopped then
    end_lease(bucket, member, job, cap)
    finish(sweep, payload, "c", "cancelled")
    lost[#lost + 1] = (i - 4) / 4
  else
    redis.call("ZADD", prefix .. "lease", now + lease, member)
    if job.state == "l" then
      job.state = "a"
      write_job(sweep, payload, job)
    end
  end
end
return lost
