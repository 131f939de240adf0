"""The Lua that Redis runs: each script is done at once or not at all, on the keys of one bucket.

For a kind of records a bucket has, behind the prefix in the last argument: `r:<id>` the record (v version, t token of
the last write, d data, i idle ms, a alias) and `p:<id>` its path, both with the server's expiry and always together;
`order` (score: last use in µs, less FRESH for what nobody has worked with), `ends` (when each is over), and `held`
(of each the bytes of its data and its alias, and the sum of all bytes). Numbers that leave a script are integers.

Every script is told its keys as well, since a cluster that is moving a slot looks whether all of them are still here,
or all there, and has us try again in between.
"""

from hashlib import sha1
from typing import NamedTuple

PRELUDE = """
local base, FRESH = ARGV[#ARGV], 4000000000000000
local function key(name, id) return base .. ':' .. name .. (id and (':' .. id) or '') end
local function time() local t = redis.call('TIME') return t[1] * 1000000 + t[2] end
local function resize(id, bytes)
    redis.call('HINCRBY', key('held'), 'sum', bytes - (redis.call('HGET', key('held'), 'bytes:' .. id) or 0))
    redis.call('HSET', key('held'), 'bytes:' .. id, bytes)
end
local function remove(id)
    local alias = redis.call('HGET', key('held'), 'alias:' .. id)
    resize(id, 0)
    redis.call('HDEL', key('held'), 'bytes:' .. id, 'alias:' .. id)
    redis.call('ZREM', key('order'), id)
    redis.call('ZREM', key('ends'), id)
    redis.call('UNLINK', key('r', id), key('p', id))
    if redis.call('ZCARD', key('ends')) == 0 then redis.call('UNLINK', key('held')) end
    return alias
end
local function use(id, at, idle, fresh)
    local left = math.ceil((at + idle * 1000 - time()) / 1000)
    redis.call('PEXPIRE', key('r', id), left)
    redis.call('PEXPIRE', key('p', id), left)
    redis.call('ZADD', key('order'), at - (fresh and FRESH or 0), id)
    redis.call('ZADD', key('ends'), at + idle * 1000, id)
end
"""


class Script(NamedTuple):
    """The text, the names of the keys it works on, and the name under which a server that has run it keeps it.

    A key that ends in a colon stands for one of each record that the script is about.
    """

    text: str
    keys: tuple[str, ...]
    name: str


def _script(keys: str, body: str) -> Script:
    text = PRELUDE + body
    return Script(text, tuple(keys.split()), sha1(text.encode(), usedforsecurity=False).hexdigest())


LOAD = _script(
    "r: p:",
    """
-- id, first byte of the path -> version, data, path
local found = redis.call('HMGET', key('r', ARGV[1]), 'v', 'd')
return {found[1], found[2], redis.call('GETRANGE', key('p', ARGV[1]), ARGV[2], -1)}
""",
)

LOOK = _script(
    "r:",
    """
-- id -> version, idle ms, ms left
local found = redis.call('HMGET', key('r', ARGV[1]), 'v', 'i')
return {found[1], found[2], redis.call('PTTL', key('r', ARGV[1]))}
""",
)

SAVE = _script(
    "order ends held r: p:",
    """
-- id, version expected, token, idle ms, alias, fresh, rewrite, data, append -> whether written, version that stands
local id, expected, token, idle = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local alias, fresh, rewrite, data, append = ARGV[5], ARGV[6] == '1', ARGV[7] == '1', ARGV[8], ARGV[9]
local found = redis.call('HMGET', key('r', id), 'v', 't')
local version = tonumber(found[1] or 0)
if version == expected + 1 and found[2] == token then return {1, version} end -- sent again: the first answer was lost
if version ~= expected then return {0, version} end
if version == 0 then
    remove(id)
    if alias ~= '' then
        redis.call('HSET', key('r', id), 'a', alias)
        redis.call('HSET', key('held'), 'alias:' .. id, alias)
    end
end
redis.call('HSET', key('r', id), 'v', expected + 1, 't', token, 'd', data, 'i', idle)
if rewrite or version == 0 then
    redis.call('SET', key('p', id), append)
elseif append ~= '' then
    redis.call('APPEND', key('p', id), append)
end
resize(id, #data)
use(id, time(), idle, fresh)
return {1, expected + 1}
""",
)

USES = _script(
    "order ends r: p:",
    """
-- ids, and after all of them for each the µs since it was used
local half = (#ARGV - 1) / 2
for i = 1, half do
    local id, at = ARGV[i], time() - ARGV[half + i]
    local idle, before = redis.call('HGET', key('r', id), 'i'), redis.call('ZSCORE', key('order'), id)
    if idle and before then
        local fresh = tonumber(before) < 0
        if at > before + (fresh and FRESH or 0) then use(id, at, tonumber(idle), fresh) end
    end
end
""",
)

HAS_ALIAS = _script(
    "r:",
    """
-- id, alias -> whether it is that record's
return redis.call('HGET', key('r', ARGV[1]), 'a') == ARGV[2] and 1 or 0
""",
)

DELETE = _script(
    "order ends held r: p:",
    """
-- id -> whether there was one, its alias
local there = redis.call('EXISTS', key('r', ARGV[1]))
return {there, remove(ARGV[1])}
""",
)

USAGE = _script(
    "order ends held",
    """
-- most to remove -> records, bytes, aliases of those removed because they are over
local aliases = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('ends'), '-inf', time(), 'LIMIT', 0, ARGV[1])) do
    aliases[#aliases + 1] = remove(id) or nil
end
local over = redis.call('ZCOUNT', key('ends'), '-inf', time())
return {redis.call('ZCARD', key('ends')) - over, tonumber(redis.call('HGET', key('held'), 'sum') or 0), aliases}
""",
)

LONGEST_IDLE = _script(
    "order",
    """
-- µs of idleness -> id and score of the one to make room first; nothing where all were used since
local latest = time() - ARGV[1]
for _, highest in ipairs({latest - FRESH, latest}) do
    local lowest = highest < 0 and '-inf' or '0'
    local found = redis.call('ZRANGEBYSCORE', key('order'), lowest, highest, 'WITHSCORES', 'LIMIT', 0, 1)
    if found[1] then return {found[1], found[2]} end
end
return {}
""",
)

EVICT = _script(
    "order ends held r: p:",
    """
-- id, score -> whether it was not used since and is gone, its alias
if redis.call('ZSCORE', key('order'), ARGV[1]) ~= ARGV[2] then return {0, false} end
return {1, remove(ARGV[1])}
""",
)

ADD_MEMBER = _script(
    "m:",
    """
-- id, member, idle ms
redis.call('SADD', key('m', ARGV[1]), ARGV[2])
redis.call('PEXPIRE', key('m', ARGV[1]), ARGV[3])
""",
)
