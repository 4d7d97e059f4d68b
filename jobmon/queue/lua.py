"""What the mailboxes' scripts have in common: pieces of Lua to begin a script with."""

from jobmon.queue.job_hash import PUSH_JOB
from jobmon.queue.names import SINCE

# For scripts that change what is there and add nothing: https://redis.io/docs/latest/develop/
# programmability/lua-api/#script_flags. It has to be a script's first line.
ALSO_WHEN_FULL = "#!lua flags=allow-oom\n"

NOW = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
"""

WAKE_UP = (
    PUSH_JOB
    + """
local function wake_up(box, wake, member, lost_after, first)
  local job, queue = push_job(member, now, t[1] .. '-' .. t[2], first)
  redis.call('HSET', box, 'state', 'queued', 'job', job, 'queue', queue, 'queued_at', now)
  redis.call('ZADD', wake, now + lost_after, member)
end
"""
)

DUE = """
local function due_of(message) return tonumber(string.match(message, '^%d+')) end

-- The first `most` messages of a list that are due, how many ahead of the last of them are not, and
-- when the soonest is due of all that were looked at. What is due is found behind any number that
-- are held back; the list is read in growing pieces, and only as far as needed.
local function look_through(messages, most)
  local due, early, ahead, soonest, at, size = {}, 0, 0, nil, 0, 10
  repeat
    local piece = redis.call('LRANGE', messages, at, at + size - 1)
    for _, message in ipairs(piece) do
      local its = due_of(message)
      if not soonest or its < soonest then soonest = its end
      if its > now then
        early = early + 1
      else
        due[#due + 1], ahead = message, early
        if #due == most then return due, ahead, soonest end
      end
    end
    at, size = at + #piece, size * 2
  until #piece == 0
  return due, ahead, soonest
end
"""

HEAD = """
-- The first `many` messages of a list; to LRANGE the end -1, of none, would mean all of them.
local function head(messages, many)
  return many == 0 and {} or redis.call('LRANGE', messages, 0, many - 1)
end
"""

WAITS_SINCE = f"""
-- Since when, or from when on, the oldest message of a mailbox is due: in a set for each kind.
local function since_of(member) return '{SINCE}' .. string.match(member, '^[^:]+') end
local function waits_since(member, due)
  if due then
    redis.call('ZADD', since_of(member), due, member)
  else
    redis.call('ZREM', since_of(member), member)
  end
end
"""
