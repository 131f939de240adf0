"""What the SQLite store says to SQLite. Those that write run within a transaction and name what they changed."""

from collections.abc import Iterable
from sqlite3 import Connection
from typing import NamedTuple

from app.sessions.store import Conflict, Record, Usage, Write

Key = tuple[str, str]
Changed = set[Key]
MOST_PURGED = 1000


class Row(NamedTuple):
    """What is asked for most."""

    key: int
    version: int
    used: float
    idle: float
    path_bytes: int

    def is_over(self, now: float, noted: float) -> bool:
        """Whether the idle time has passed since the last use; `noted` may be later than what is written."""
        return now - max(self.used, noted) >= self.idle


def row(db: Connection, key: Key) -> Row | None:
    """The record's row, over or not."""
    found = db.execute(
        "SELECT key, version, used, idle, path_bytes FROM record WHERE kind = ? AND id = ?", key
    ).fetchone()
    return Row(*found) if found else None


def find(db: Connection, kind: str, alias: str) -> str | None:
    """The id behind an alias."""
    found = db.execute("SELECT id FROM record WHERE kind = ? AND alias = ?", (kind, alias)).fetchone()
    return found[0] if found else None


def load(db: Connection, key: Key, path_from: int, now: float, noted: float) -> Record | None:
    """A record as it stands at one moment, its path from a byte on."""
    db.execute("BEGIN")
    try:
        found = row(db, key)
        if found is None or found.is_over(now, noted):
            return None
        (data,) = db.execute("SELECT data FROM content WHERE record = ?", (found.key,)).fetchone()
        chunks = db.execute(
            "SELECT bytes FROM path WHERE record = ?1 AND start >="
            " (SELECT coalesce(max(start), 0) FROM path WHERE record = ?1 AND start <= ?2) ORDER BY start",
            (found.key, path_from),
        )
        path = b"".join(chunk for (chunk,) in chunks)
    finally:
        db.execute("COMMIT")
    return Record(found.version, data, path[max(0, len(path) - found.path_bytes + path_from) :])


def save(db: Connection, changed: Changed, key: Key, write: Write, expected: int, now: float, noted: float) -> int:
    """Compare and set; the new version."""
    found = row(db, key)
    if found is not None and found.is_over(now, noted):
        _remove(db, [found.key])
        found = None
    if (found.version if found else 0) != expected:
        raise Conflict(found.version if found else None)
    changed.add(key)
    start = 0 if found is None or write.rewrite else found.path_bytes
    columns = (write.fresh, now, write.idle_seconds, len(write.data), start + len(write.append))
    if found is None:
        place = _insert(db, (*key, write.alias, *columns), write.data)
    else:
        place = found.key
        _update(db, place, columns, write)
    if write.append:
        db.execute("INSERT INTO path VALUES (?, ?, ?)", (place, start, write.append))
    return expected + 1


def _insert(db: Connection, columns: tuple[object, ...], data: bytes) -> int:
    place = db.execute(
        "INSERT INTO record (version, kind, id, alias, fresh, used, idle, data_bytes, path_bytes)"
        " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
        columns,
    ).lastrowid
    assert place is not None
    db.execute("INSERT INTO content VALUES (?, ?)", (place, data))
    return place


def _update(db: Connection, place: int, columns: tuple[object, ...], write: Write) -> None:
    db.execute(
        "UPDATE record SET version = version + 1, fresh = ?, used = ?, idle = ?, data_bytes = ?, path_bytes = ?"
        " WHERE key = ?",
        (*columns, place),
    )
    db.execute("UPDATE content SET data = ? WHERE record = ?", (write.data, place))
    if write.rewrite:
        db.execute("DELETE FROM path WHERE record = ?", (place,))


def delete(db: Connection, changed: Changed, key: Key, now: float, noted: float) -> bool:
    """Whether there was one that was not over."""
    found = row(db, key)
    if found is None:
        return False
    changed.add(key)
    _remove(db, [found.key])
    return not found.is_over(now, noted)


def evict_one(db: Connection, changed: Changed, kind: str, now: float, idle_seconds: float) -> str | None:
    """The longest idle, fresh ones first."""
    found = db.execute(
        "SELECT key, id FROM record WHERE kind = ? AND used <= ? AND used + idle > ? ORDER BY fresh DESC, used LIMIT 1",
        (kind, now - idle_seconds, now),
    ).fetchone()
    if found is None:
        return None
    changed.add((kind, found[1]))
    _remove(db, [found[0]])
    return str(found[1])


def purge(db: Connection, now: float) -> None:
    """Remove what is over; not too much at once."""
    over = db.execute("SELECT key FROM record WHERE used + idle <= ? LIMIT ?", (now, MOST_PURGED)).fetchall()
    _remove(db, [place for (place,) in over])
    for key in db.execute("SELECT kind, id FROM gathering WHERE ends <= ?", (now,)).fetchall():
        _end_gathering(db, key)


def write_uses(db: Connection, uses: Iterable[tuple[Key, float]]) -> None:
    """Note when records were last used."""
    db.executemany(
        "UPDATE record SET used = ?1 WHERE kind = ?2 AND id = ?3 AND used < ?1",
        [(used, *key) for key, used in uses],
    )


def usage(db: Connection, kind: str, now: float) -> Usage:
    """Records that are not over, and their data."""
    return Usage(
        *db.execute(
            "SELECT count(*), coalesce(sum(data_bytes), 0) FROM record WHERE kind = ? AND used + idle > ?", (kind, now)
        ).fetchone()
    )


def add_member(db: Connection, key: Key, member: str, now: float, idle_seconds: float) -> None:
    """Into the set, which begins anew where it had ended."""
    if not db.execute("SELECT 1 FROM gathering WHERE kind = ? AND id = ? AND ends > ?", (*key, now)).fetchone():
        _end_gathering(db, key)
    db.execute("INSERT OR REPLACE INTO gathering VALUES (?, ?, ?)", (*key, now + idle_seconds))
    db.execute("INSERT OR IGNORE INTO member VALUES (?, ?, ?)", (*key, member))


def remove_member(db: Connection, key: Key, member: str) -> None:
    """Out of the set, if it is in there."""
    db.execute("DELETE FROM member WHERE kind = ? AND id = ? AND member = ?", (*key, member))


def members(db: Connection, key: Key, now: float) -> frozenset[str]:
    """Those of a set that has not ended."""
    found = db.execute(
        "SELECT member FROM member JOIN gathering USING (kind, id) WHERE kind = ? AND id = ? AND ends > ?", (*key, now)
    )
    return frozenset(member for (member,) in found)


def ping(db: Connection) -> None:
    """Fails where the file cannot be read."""
    db.execute("SELECT count(*) FROM clock").fetchone()


def _end_gathering(db: Connection, key: Key) -> None:
    db.execute("DELETE FROM member WHERE kind = ? AND id = ?", key)
    db.execute("DELETE FROM gathering WHERE kind = ? AND id = ?", key)


def _remove(db: Connection, places: list[int]) -> None:
    for statement in (
        "DELETE FROM path WHERE record = ?",
        "DELETE FROM content WHERE record = ?",
        "DELETE FROM record WHERE key = ?",
    ):
        db.executemany(statement, [(place,) for place in places])
