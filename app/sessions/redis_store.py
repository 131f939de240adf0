"""The store in Redis or Valkey, or in a cluster of them: for any number of machines.

Each call is one script. What belongs to a record lies in one slot: ids are dealt into buckets, one where there is one
server, and a bucket's name is the hash tag of all its keys. Only an alias lies in a bucket of its own; it is believed
if its record says so.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from secrets import token_bytes
from time import monotonic
from typing import Any
from zlib import crc32

from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot
from redis.exceptions import NoScriptError, RedisError

from app.errors import StoreUnavailable
from app.sessions import redis_scripts as lua
from app.sessions.redis_nodes import Cluster, Nodes, Server
from app.sessions.store import Conflict, Record, Write
from app.sessions.uses import UseNotes, Uses

log = logging.getLogger("descent")

CLUSTER = "redis+cluster://"
CLUSTER_BUCKETS = 16
MOST_PURGED = 1000


def open_redis(url: str, prefix: str = "descent") -> "RedisStore":
    """The store at `redis://[:password@]host:port/db` or `redis+cluster://[:password@]host:port`.

    Of a cluster some nodes may be named, separated by commas. Nothing is sent before the first call.
    """
    if url.startswith(CLUSTER):
        return RedisStore(Cluster.at(url), evenly_spread(CLUSTER_BUCKETS), prefix)
    return RedisStore(Server.at(url), ["0"], prefix)


def evenly_spread(number: int) -> list[str]:
    """Hash tags whose slots lie one each in equal parts of all slots: neighbouring slots are on one node."""
    tags: dict[int, str] = {}
    candidate = 0
    while len(tags) < number:
        part = key_slot(str(candidate).encode()) * number // REDIS_CLUSTER_HASH_SLOTS
        tags.setdefault(part, str(candidate))
        candidate += 1
    return [tags[part] for part in range(number)]


class RedisStore:
    """`tags` name the buckets. What fails or takes too long is StoreUnavailable."""

    def __init__(self, nodes: Nodes, tags: Sequence[str], prefix: str) -> None:
        self._nodes, self._tags, self._prefix = nodes, tags, prefix
        self._uses = UseNotes(monotonic, self._write_uses)

    async def load(self, kind: str, id_: str, *, path_from: int = 0) -> Record | None:
        version, data, path = await self._run(lua.LOAD, kind, id_, path_from)
        return None if version is None else Record(int(version), data, path)

    async def touch(self, kind: str, id_: str) -> int | None:
        now = monotonic()
        version, idle, left = await self._run(lua.LOOK, kind, id_)
        if version is None or left < 0:
            return None
        idle_seconds = int(idle) / 1000
        self._uses.note((kind, id_), now - idle_seconds + left / 1000, idle_seconds)
        return int(version)

    async def save(self, kind: str, id_: str, write: Write, *, expected: int) -> int:
        alias = (expected == 0 and write.alias) or ""
        if alias:
            await self._send(self._tag(alias), "SET", self._alias_key(kind, alias), id_)
        now, idle = monotonic(), _milliseconds(write.idle_seconds)
        flags = int(write.fresh), int(write.rewrite)
        what = (expected, token_bytes(8), idle, alias, *flags, write.data, write.append)
        done, version = await self._run(lua.SAVE, kind, id_, *what)
        if not done:
            raise Conflict(version or None)
        self._uses.forget((kind, id_), now)
        return int(version)

    async def find(self, kind: str, alias: str) -> str | None:
        found = await self._send(self._tag(alias), "GET", self._alias_key(kind, alias))
        if found is None:
            return None
        id_ = str(found, "utf-8")
        return id_ if await self._run(lua.HAS_ALIAS, kind, id_, alias) else None

    async def delete(self, kind: str, id_: str) -> bool:
        there, alias = await self._run(lua.DELETE, kind, id_)
        await self._forget_aliases(kind, [alias])
        return bool(there)

    async def count(self, kind: str) -> int:
        return (await self._usage(kind))[0]

    async def data_bytes(self, kind: str) -> int:
        return (await self._usage(kind))[1]

    async def evict_one(self, kind: str, *, idle_seconds: float) -> str | None:
        await self._uses.flush()
        await self._usage(kind)  # what is over does not stand in the way
        while True:
            found = await self._in_all(lua.LONGEST_IDLE, kind, int(idle_seconds * 1e6))
            longest = [(float(score), str(id_, "utf-8"), score) for id_, score in filter(None, found)]
            if not longest:
                return None
            _, id_, score = min(longest)
            gone, alias = await self._run(lua.EVICT, kind, id_, score)
            if gone:
                await self._forget_aliases(kind, [alias])
                return id_

    async def add_member(self, kind: str, id_: str, member: str, *, idle_seconds: float) -> None:
        await self._run(lua.ADD_MEMBER, kind, id_, member, _milliseconds(idle_seconds))

    async def remove_member(self, kind: str, id_: str, member: str) -> None:
        await self._send(self._tag(id_), "SREM", self._members_key(kind, id_), member)

    async def members(self, kind: str, id_: str) -> frozenset[str]:
        found = await self._send(self._tag(id_), "SMEMBERS", self._members_key(kind, id_))
        return frozenset(str(member, "utf-8") for member in found)

    async def ping(self) -> None:
        await asyncio.gather(*(self._send(tag, "EXISTS", self._base("ping", tag)) for tag in self._tags))

    async def close(self) -> None:
        await self._uses.close()
        await self._nodes.close()

    def _tag(self, id_: str) -> str:
        return self._tags[crc32(id_.encode()) % len(self._tags)]

    def _base(self, kind: str, tag: str) -> str:
        return f"{self._prefix}:{{{tag}}}:{kind}"

    def _alias_key(self, kind: str, alias: str) -> str:
        return f"{self._base(kind, self._tag(alias))}:a:{alias}"

    def _members_key(self, kind: str, id_: str) -> str:
        return f"{self._base(kind, self._tag(id_))}:m:{id_}"

    async def _run(self, script: lua.Script, kind: str, ids: str | Sequence[str], *arguments: Any) -> Any:
        """On one record, or several of one bucket."""
        ids = [ids] if isinstance(ids, str) else ids
        return await self._run_in(script, kind, self._tag(ids[0]), ids, *ids, *arguments)

    async def _in_all(self, script: lua.Script, kind: str, *arguments: Any) -> list[Any]:
        return await asyncio.gather(*(self._run_in(script, kind, tag, [], *arguments) for tag in self._tags))

    async def _run_in(self, script: lua.Script, kind: str, tag: str, ids: Sequence[str], *arguments: Any) -> Any:
        """A server that does not know the script by its name, new or restarted, is told it."""
        base = self._base(kind, tag)
        keys = [f"{base}:{name}{id_}" for name in script.keys for id_ in (ids if name.endswith(":") else [""])]
        rest = (len(keys), *keys, *arguments, base)
        try:
            return await self._nodes.send(tag, "EVALSHA", script.name, *rest)
        except NoScriptError:
            return await self._send(tag, "EVAL", script.text, *rest)
        except (RedisError, OSError) as error:
            raise _unavailable(error) from None

    async def _send(self, tag: str, *command: Any) -> Any:
        try:
            return await self._nodes.send(tag, *command)
        except (RedisError, OSError) as error:
            raise _unavailable(error) from None

    async def _write_uses(self, uses: Uses) -> None:
        now = monotonic()
        buckets: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for (kind, id_), used in uses.items():
            buckets[kind, self._tag(id_)][id_] = int((now - used) * 1e6)
        calls = (self._run(lua.USES, kind, list(ago), *ago.values()) for (kind, _), ago in buckets.items())
        await asyncio.gather(*calls)

    async def _usage(self, kind: str) -> tuple[int, int]:
        """Records and bytes, once those that are over have been removed."""
        found = await self._in_all(lua.USAGE, kind, MOST_PURGED)
        for _, _, aliases in found:
            await self._forget_aliases(kind, aliases)
        return sum(records for records, _, _ in found), sum(data_bytes for _, data_bytes, _ in found)

    async def _forget_aliases(self, kind: str, aliases: Iterable[bytes | None]) -> None:
        for alias in filter(None, aliases):
            name = str(alias, "utf-8")
            await self._send(self._tag(name), "UNLINK", self._alias_key(kind, name))


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _unavailable(error: Exception) -> StoreUnavailable:
    log.error("Redis: %s: %s", type(error).__name__, error)
    return StoreUnavailable()
