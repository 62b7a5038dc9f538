-- The record of a job, and the end of a job.
--
-- <prefix>st:<sweep>  hash: payload -> "<state> <tries> <crashes> <token> <worker> <cursor>"; a job that nobody has
--                     claimed yet is a bare "p", and one that is over a bare "d", "x" or "c"
-- A job that waits because AWS throttles it has "~<time>" as its worker: when that began; a claim returns that time.
-- States: p in its bucket's list · l leased · a leased and confirmed by its worker · w waiting for a retry
--         s quarantined · d done · x dead · c cancelled
-- Members of lease, dly and susp, and the `member` below, are "<sweep> <bucket> <payload>"; of ready lists,
-- "<sweep> <payload>". Sweeps and buckets have no blanks.

local function read_job(sweep, payload)
  local text = redis.call("HGET", prefix .. "st:" .. sweep, payload)
  if not text then
    return nil
  end
  local state, tries, crashes, fence, worker, cursor = string.match(text, "^(%a) (%d+) (%d+) (%d+) (%S+) (.*)$")
  return {
    state = state or text,
    tries = tonumber(tries) or 0,
    crashes = tonumber(crashes) or 0,
    token = fence or "0",
    worker = worker or "-",
    cursor = cursor or "",
  }
end

local function write_job(sweep, payload, job)
  local text = table.concat({ job.state, job.tries, job.crashes, job.token, job.worker, job.cursor }, " ")
  redis.call("HSET", prefix .. "st:" .. sweep, payload, text)
end

-- Whether this very lease still holds; no other lease of any job has its token.
local function holds(job, fence)
  return job and (job.state == "l" or job.state == "a") and job.token == fence
end

-- Returns the fields of a sweep that decide about its jobs; reads them once per script.
local sweeps = {}
local function sweep_of(id)
  local sweep = sweeps[id]
  if not sweep then
    local fields = redis.call("HMGET", prefix .. "s:" .. id, "priority", "stopped")
    sweep = { class = fields[1] or "bulk", stopped = fields[2] == "1" }
    sweeps[id] = sweep
  end
  return sweep
end

-- Completes a sweep, with one event, when it is closed and all of its jobs are over; it completes only once.
local function complete_if_over(id)
  local key = prefix .. "s:" .. id
  local s = redis.call("HMGET", key, "total", "done", "dead", "cancelled", "closed", "completed_at", "retention")
  local over = (tonumber(s[2]) or 0) + (tonumber(s[3]) or 0) + (tonumber(s[4]) or 0)
  if s[5] ~= "1" or s[6] or over < (tonumber(s[1]) or 0) then
    return
  end
  redis.call("HSET", key, "completed_at", string.format("%.3f", server / 1000000))
  redis.call("XADD", prefix .. "ev", "MAXLEN", "~", 10000, "*", "event", "completed", "sweep", id)
  redis.call("EXPIRE", key, s[7])
  redis.call("EXPIRE", prefix .. "st:" .. id, s[7])
end

-- Ends a job in `state`, which is d, x or c, and counts it in the sweep's field `counter`.
local function finish(sweep, payload, state, counter)
  redis.call("HSET", prefix .. "st:" .. sweep, payload, state)
  redis.call("HINCRBY", prefix .. "s:" .. sweep, counter, 1)
  complete_if_over(sweep)
end

-- Ends a job as a dead letter, which holds everything that a replay needs.
local function bury(sweep, bucket, payload, job, reason)
  redis.call("XADD", prefix .. "dead", "*", "sweep", sweep, "bucket", bucket, "payload", payload, "reason", reason,
    "tries", job.tries, "crashes", job.crashes)
  redis.call("XADD", prefix .. "ev", "MAXLEN", "~", 10000, "*", "event", "dead", "sweep", sweep, "bucket", bucket)
  finish(sweep, payload, "x", "dead")
end
