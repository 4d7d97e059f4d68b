"""The mailboxes' transitions, each one script: nothing is ever half done.

A mailbox is a hash (`state`, `token`, `attempt`, `job`, `taken`, `reason`), a list of messages and
an entry in the `wake` set, whose score says when the keeper has to look at it again. States:

    idle ─put─▶ queued ─take─▶ leased ─done─▶ idle | queued (more came) | waiting (not yet due)
                                 └─ later ─▶ backing_off ─keeper─▶ queued

Times are the server's, in milliseconds.
"""

_NOW = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
"""

_WAKE = """
-- Push an RQ job; ARGV from `first`: queue name, job id, its fields.
local function push(box, wake, member, lost_after, first)
  local queue, job = ARGV[first], ARGV[first + 1]
  local fields = {}
  for i = first + 2, #ARGV do fields[#fields + 1] = ARGV[i] end
  redis.call('HSET', 'rq:job:' .. job, unpack(fields))
  redis.call('EXPIRE', 'rq:job:' .. job, 86400)
  redis.call('SADD', 'rq:queues', 'rq:queue:' .. queue)
  redis.call('RPUSH', 'rq:queue:' .. queue, job)
  redis.call('HSET', box, 'state', 'queued', 'job', job, 'queue', queue, 'queued_at', now)
  redis.call('ZADD', wake, now + lost_after, member)
end
"""

# KEYS box messages wake seen; ARGV member message seen_ms delay_ms lost_after_ms + wake job
PUT = (
    _NOW
    + _WAKE
    + """
if ARGV[3] ~= '0' and not redis.call('SET', KEYS[4], '1', 'NX', 'PX', ARGV[3]) then return 0 end
local due = now + tonumber(ARGV[4])
redis.call('RPUSH', KEYS[2], due .. ' ' .. now .. ' ' .. ARGV[2])
local state = redis.call('HGET', KEYS[1], 'state') or 'idle'
if state == 'idle' or state == 'waiting' then
  if due <= now then
    push(KEYS[1], KEYS[3], ARGV[1], tonumber(ARGV[5]), 6)
  else
    redis.call('HSET', KEYS[1], 'state', 'waiting', 'queue', ARGV[6])
    redis.call('ZADD', KEYS[3], 'LT', due, ARGV[1])
  end
end
return 1
"""
)

# KEYS box messages wake; ARGV member token lease_ms
TAKE = (
    _NOW
    + """
local state = redis.call('HGET', KEYS[1], 'state') or 'idle'
if state == 'leased' and tonumber(redis.call('HGET', KEYS[1], 'until')) > now then return {} end
if state == 'backing_off' then return {} end
local messages = redis.call('LRANGE', KEYS[2], 0, 499)
if #messages == 0 then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return {}
end
local attempt = redis.call('HINCRBY', KEYS[1], 'attempt', 1)
local expires = now + tonumber(ARGV[3])
redis.call('HSET', KEYS[1], 'state', 'leased', 'token', ARGV[2])
redis.call('HSET', KEYS[1], 'until', expires, 'taken', #messages)
redis.call('ZADD', KEYS[3], expires, ARGV[1])
return {attempt, expires, messages}
"""
)

# KEYS box wake; ARGV member token lease_ms
RENEW = (
    _NOW
    + """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
local expires = now + tonumber(ARGV[3])
redis.call('HSET', KEYS[1], 'until', expires)
redis.call('ZADD', KEYS[2], expires, ARGV[1])
return 1
"""
)

# KEYS box messages wake; ARGV member token lost_after_ms + wake job
DONE = (
    _NOW
    + _WAKE
    + """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('LTRIM', KEYS[2], redis.call('HGET', KEYS[1], 'taken'), -1)
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
local rest = redis.call('LRANGE', KEYS[2], 0, 99)
local soonest = nil
for _, message in ipairs(rest) do
  local due = tonumber(string.match(message, '^%d+'))
  if not soonest or due < soonest then soonest = due end
end
if soonest and soonest <= now then
  push(KEYS[1], KEYS[3], ARGV[1], tonumber(ARGV[3]), 4)
elseif soonest then
  redis.call('HSET', KEYS[1], 'state', 'waiting', 'queue', ARGV[4])
  redis.call('ZADD', KEYS[3], soonest, ARGV[1])
end
return 1
"""
)

# KEYS box wake; ARGV member token delay_ms reason
LATER = (
    _NOW
    + """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'state', 'backing_off', 'reason', ARGV[4])
redis.call('HDEL', KEYS[1], 'token', 'until', 'crashes')
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[3]), ARGV[1])
return 1
"""
)

# KEYS box messages wake; ARGV member lost_after_ms max_crashes + wake job
# Returns what was done: 'woken', 'poison', 'waiting' or 'nothing'.
REVIVE = (
    _NOW
    + _WAKE
    + """
local score = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not score or tonumber(score) > now then return 'nothing' end
local state = redis.call('HGET', KEYS[1], 'state') or 'idle'
if redis.call('LLEN', KEYS[2]) == 0 then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return 'nothing'
end
if state == 'queued' then
  local job, queue = redis.call('HGET', KEYS[1], 'job'), redis.call('HGET', KEYS[1], 'queue')
  if redis.call('LPOS', 'rq:queue:' .. queue, job) then
    redis.call('ZADD', KEYS[3], now + tonumber(ARGV[2]), ARGV[1])
    return 'waiting'
  end
end
if state == 'leased' then
  redis.call('HDEL', KEYS[1], 'token')
  if redis.call('HINCRBY', KEYS[1], 'crashes', 1) > tonumber(ARGV[3]) then return 'poison' end
end
push(KEYS[1], KEYS[3], ARGV[1], tonumber(ARGV[2]), 4)
return 'woken'
"""
)
