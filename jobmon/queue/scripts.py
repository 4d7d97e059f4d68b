"""The mailboxes' transitions, each one script: nothing is ever half done.

A mailbox is a hash (`state`, `token`, `attempt`, `job`, `taken`), a list of messages and
an entry in the `wake` set, whose score says when the keeper has to look at it again; since when it
waits stands in a `since` set, for the pulse. States:

    idle ─put─▶ queued ─take─▶ leased ─done─▶ idle | queued (more came) | waiting (not yet due)
                                 ├─ later ─▶ backing_off ─keeper─▶ queued
                                 └─ later ─▶ in_line ─keeper | put─▶ queued

A message in the list is `due put-at json`. Times are the server's, in milliseconds. A client whose
connection breaks repeats its last command, so each script answers a repetition like the first.
"""

from jobmon.queue.lua import ALSO_WHEN_FULL, DUE, HEAD, NOW, WAITS_SINCE, WAKE_UP

# KEYS wake, then for each message: box messages seen
# ARGV lost_after_ms, then for each message: member message message_id seen_ms delay_ms + wake job
# With seen_ms 0 a message is known for as long as it waits: `seen` is then a set, gone with TAKE.
# Returns for each message whether it is new.
PUT = (
    NOW
    + WAKE_UP
    + WAITS_SINCE
    + """
local function put(box, messages, seen, first)
  local member, message, id, seen_ms, delay = unpack(ARGV, first, first + 4)
  if seen_ms == '0' then
    if redis.call('SADD', seen, id) == 0 then return 0 end
  elseif not redis.call('SET', seen, '1', 'NX', 'PX', seen_ms) then
    return 0
  end
  local due = now + tonumber(delay)
  redis.call('RPUSH', messages, due .. ' ' .. now .. ' ' .. message)
  redis.call('ZADD', since_of(member), 'LT', due, member)
  local state = redis.call('HGET', box, 'state') or 'idle'
  if state == 'idle' or state == 'waiting' or state == 'in_line' then
    if due <= now then
      wake_up(box, KEYS[1], member, tonumber(ARGV[1]), first + 5)
    elseif state ~= 'in_line' then
      redis.call('HSET', box, 'state', 'waiting', 'queue', ARGV[first + 5])
      redis.call('ZADD', KEYS[1], 'LT', due, member)
    end
  end
  return 1
end
local are_new = {}
for i = 1, (#KEYS - 1) / 3 do
  are_new[i] = put(KEYS[3 * i - 1], KEYS[3 * i], KEYS[3 * i + 1], 9 * i - 7)
end
return are_new
"""
)

# KEYS box messages wake waiting; ARGV member token lease_ms most
TAKE = (
    NOW
    + DUE
    + HEAD
    + WAITS_SINCE
    + """
local state = redis.call('HGET', KEYS[1], 'state') or 'idle'
if state == 'backing_off' or state == 'in_line' then return {} end
local most = tonumber(ARGV[4])
if state == 'leased' then
  if redis.call('HGET', KEYS[1], 'token') == ARGV[2] then
    local held = redis.call('HMGET', KEYS[1], 'attempt', 'began', 'taken', 'queue')
    local messages = head(KEYS[2], tonumber(held[3]))
    return {tonumber(held[1]), tonumber(held[2]), messages, held[4] or ''}
  end
  if tonumber(redis.call('HGET', KEYS[1], 'until')) > now then return {} end
end
local due, ahead, soonest = look_through(KEYS[2], most)
waits_since(ARGV[1], soonest)
if not soonest then
  redis.call('DEL', KEYS[1], KEYS[4])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return {}
end
if #due == 0 then
  redis.call('HSET', KEYS[1], 'state', 'waiting')
  redis.call('HDEL', KEYS[1], 'token')
  redis.call('ZADD', KEYS[3], soonest, ARGV[1])
  return {}
end
if ahead > 0 then
  -- What is due comes first, so that the lease's messages are the head of the list.
  local mixed = redis.call('LRANGE', KEYS[2], 0, #due + ahead - 1)
  redis.call('LTRIM', KEYS[2], #mixed, -1)
  for i = #mixed, 1, -1 do
    if due_of(mixed[i]) > now then redis.call('LPUSH', KEYS[2], mixed[i]) end
  end
  for i = #due, 1, -1 do redis.call('LPUSH', KEYS[2], due[i]) end
end
redis.call('DEL', KEYS[4])
redis.call('HSETNX', KEYS[1], 'began', now)
local attempt = redis.call('HINCRBY', KEYS[1], 'attempt', 1)
local expires = now + tonumber(ARGV[3])
redis.call('HSET', KEYS[1], 'state', 'leased', 'token', ARGV[2])
redis.call('HSET', KEYS[1], 'until', expires, 'taken', #due)
redis.call('ZADD', KEYS[3], expires, ARGV[1])
local held = redis.call('HMGET', KEYS[1], 'began', 'queue')
return {attempt, tonumber(held[1]), due, held[2] or ''}
"""
)

# KEYS box wake; ARGV member token lease_ms
RENEW = (
    ALSO_WHEN_FULL
    + NOW
    + """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
local expires = now + tonumber(ARGV[3])
redis.call('HSET', KEYS[1], 'until', expires)
redis.call('ZADD', KEYS[2], expires, ARGV[1])
return 1
"""
)

# KEYS box messages wake; ARGV member token lost_after_ms queue + wake job
# `queue` is where the mailbox is woken for what is not due yet.
DONE = (
    NOW
    + WAKE_UP
    + DUE
    + WAITS_SINCE
    + """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('LTRIM', KEYS[2], redis.call('HGET', KEYS[1], 'taken'), -1)
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
local due, _, soonest = look_through(KEYS[2], 1)
waits_since(ARGV[1], soonest)
if #due > 0 then
  wake_up(KEYS[1], KEYS[3], ARGV[1], tonumber(ARGV[3]), 5)
elseif soonest then
  redis.call('HSET', KEYS[1], 'state', 'waiting', 'queue', ARGV[4])
  redis.call('ZADD', KEYS[3], soonest, ARGV[1])
end
return 1
"""
)

# KEYS box messages; ARGV token due head...: the beginnings of the messages to take out of a lease
# With a `due` they are put back with it, else dropped.
DROP = (
    HEAD
    + """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
local taken, dropped = tonumber(redis.call('HGET', KEYS[1], 'taken')), 0
for _, message in ipairs(head(KEYS[2], taken)) do
  local start = string.match(message, '^%d+ %d+ ()')
  for i = 3, #ARGV do
    if string.sub(message, start, start + #ARGV[i] - 1) == ARGV[i] then
      dropped = dropped + redis.call('LREM', KEYS[2], 1, message)
      if ARGV[2] ~= '' then
        redis.call('RPUSH', KEYS[2], ARGV[2] .. string.match(message, '^%d+(.*)$'))
      end
      break
    end
  end
end
redis.call('HSET', KEYS[1], 'taken', taken - dropped)
return dropped
"""
)

# KEYS box messages wake; ARGV member token delay_ms state queue got_on
# `queue` is where it is woken; empty as before. With got_on 1 the next try is a first one.
LATER = (
    ALSO_WHEN_FULL
    + NOW
    + DUE
    + WAITS_SINCE
    + """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[4])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'queue', ARGV[5]) end
redis.call('HDEL', KEYS[1], 'token', 'until', 'crashes')
if ARGV[6] == '1' then redis.call('HDEL', KEYS[1], 'attempt', 'began') end
redis.call('ZADD', KEYS[3], now + tonumber(ARGV[3]), ARGV[1])
local first = redis.call('LINDEX', KEYS[2], 0)
waits_since(ARGV[1], first and due_of(first))
return 1
"""
)

# KEYS box messages wake waiting; ARGV member lost_after_ms max_crashes + wake job
# The hash of a job that was lost is kept for a day: its worker may live after all.
# Returns what was done: 'woken', 'poison', 'waiting' or 'nothing'.
REVIVE = (
    NOW
    + WAKE_UP
    + DUE
    + WAITS_SINCE
    + """
-- Whether a job is still in its queue. What was put at the back is first in, first out: such a job
-- is lost if the oldest of them came after it. At the front there are few.
local function waits_in(queue, ours)
  if ARGV[#ARGV] == 'front' then
    return redis.call('LPOS', queue, ours[1], 'MAXLEN', 5000)
      or redis.call('LLEN', queue) > 5000
  end
  local first = redis.call('LRANGE', queue, 0, 99)
  for _, job in ipairs(first) do
    local found = redis.call('HMGET', 'rq:job:' .. job, 'pushed_at', 'side')
    if found[2] ~= 'front' then
      return not found[1] or tonumber(found[1]) <= tonumber(ours[2])
    end
  end
  return #first == 100
end
local score = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not score or tonumber(score) > now then return 'nothing' end
local state = redis.call('HGET', KEYS[1], 'state') or 'idle'
local first = redis.call('LINDEX', KEYS[2], 0)
if not first then
  redis.call('DEL', KEYS[1], KEYS[4])
  redis.call('ZREM', KEYS[3], ARGV[1])
  waits_since(ARGV[1], nil)
  return 'nothing'
end
-- It stands there already, unless an older version put its messages.
redis.call('ZADD', since_of(ARGV[1]), 'NX', due_of(first), ARGV[1])
if state == 'queued' then
  local queue = 'rq:queue:' .. redis.call('HGET', KEYS[1], 'queue')
  if waits_in(queue, redis.call('HMGET', KEYS[1], 'job', 'queued_at')) then
    redis.call('ZADD', KEYS[3], now + tonumber(ARGV[2]), ARGV[1])
    return 'waiting'
  end
end
if state == 'leased' then
  redis.call('HDEL', KEYS[1], 'token')
  if redis.call('HINCRBY', KEYS[1], 'crashes', 1) > tonumber(ARGV[3]) then return 'poison' end
end
local lost = redis.call('HGET', KEYS[1], 'job')
if lost then redis.call('EXPIRE', 'rq:job:' .. lost, 86400) end
wake_up(KEYS[1], KEYS[3], ARGV[1], tonumber(ARGV[2]), 4)
return 'woken'
"""
)
