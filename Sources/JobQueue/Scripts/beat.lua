#!lua flags=allow-oom
-- Renews leases of a worker, and names those that it has lost: its job runs elsewhere, is over, or was cancelled.
-- The first beat of a lease confirms that the worker received it. A lease past its end that nobody has taken back is
-- renewed as well.
-- Shares: clock, jobs, buckets.
--
-- ARGV[1] worker    ARGV[2] length of a lease    ARGV[3] most jobs in flight per bucket
-- ARGV[4...] sweep, bucket, payload and token of each job
--
-- Returns the places, from 0, of the lost ones.
local worker, lease, cap = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local lost = {}
is_calm(lease)
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
