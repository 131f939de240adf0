"""What the SQLite store says to SQLite. Those that write run within a transaction and name what they changed."""

from collections.abc import Iterable
from sqlite3 import Connection
from typing import NamedTuple

from app.sessions.sqlite_batch import Changed, Key
from app.sessions.store import Conflict, Record, Write

MOST_PURGED = 1000


class Row(NamedTuple):
    """What is asked for most; `place` is the record's number, which is never given twice."""

    place: int
    version: int
    path_bytes: int
    fresh: bool
    used: float
    idle: float

    def is_over(self, now: float, noted: float) -> bool:
        """Whether the idle time has passed since the last use; `noted` may be later than what is written."""
        return now - max(self.used, noted) >= self.idle


def row(db: Connection, key: Key) -> Row | None:
    """The record's row, over or not."""
    found = db.execute(
        "SELECT place, version, path_bytes, fresh, used, idle FROM record JOIN use USING (place)"
        " WHERE record.kind = ? AND id = ?",
        key,
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
        (data,) = db.execute("SELECT data FROM record WHERE place = ?", (found.place,)).fetchone()
        chunks = db.execute(
            "SELECT bytes FROM path WHERE place = ?1 AND start >="
            " (SELECT coalesce(max(start), 0) FROM path WHERE place = ?1 AND start <= ?2) ORDER BY start",
            (found.place, path_from),
        )
        path = b"".join(chunk for (chunk,) in chunks)
    finally:
        db.execute("COMMIT")
    return Record(found.version, data, path[max(0, len(path) - found.path_bytes + path_from) :])


def save(db: Connection, changed: Changed, key: Key, write: Write, known: Row | None, now: float) -> Row:
    """Compare and set; the row as it stands then. `known` is the row that has to stand there, None where none may."""
    if known is None:
        saved = _insert(db, key, write, now)
    else:
        start = 0 if write.rewrite else known.path_bytes
        saved = known._replace(
            version=known.version + 1, path_bytes=start + len(write.append), fresh=write.fresh, idle=write.idle_seconds
        )
        _update(db, key, write, known, saved)
    changed[key] = b""
    if write.append:
        start = saved.path_bytes - len(write.append)
        db.execute("INSERT INTO path VALUES (?, ?, ?)", (saved.place, start, write.append))
    return saved


def _insert(db: Connection, key: Key, write: Write, now: float) -> Row:
    found = row(db, key)
    if found is not None and not found.is_over(now, 0.0):
        raise Conflict(found.version)
    _remove(db, [found.place] if found else [])
    place = db.execute(
        "INSERT INTO record (kind, id, version, alias, path_bytes, data) VALUES (?, ?, 1, ?, ?, ?)",
        (*key, write.alias, len(write.append), write.data),
    ).lastrowid
    assert place is not None
    db.execute("INSERT INTO use VALUES (?, ?, ?, ?, ?)", (place, key[0], write.fresh, now, write.idle_seconds))
    return Row(place, 1, len(write.append), write.fresh, now, write.idle_seconds)


def _update(db: Connection, key: Key, write: Write, known: Row, saved: Row) -> None:
    done = db.execute(
        "UPDATE record SET version = ?, path_bytes = ?, data = ? WHERE place = ? AND version = ?",
        (saved.version, saved.path_bytes, write.data, known.place, known.version),
    )
    if done.rowcount != 1:
        found = row(db, key)
        raise Conflict(found.version if found else None)
    if (saved.fresh, saved.idle) != (known.fresh, known.idle):
        db.execute("UPDATE use SET fresh = ?, idle = ? WHERE place = ?", (saved.fresh, saved.idle, saved.place))
    if write.rewrite:
        db.execute("DELETE FROM path WHERE place = ?", (saved.place,))


def delete(db: Connection, changed: Changed, key: Key, now: float, noted: float) -> bool:
    """Whether there was one that was not over."""
    found = row(db, key)
    if found is None:
        return False
    changed[key] = b""
    _remove(db, [found.place])
    return not found.is_over(now, noted)


def evict_one(db: Connection, changed: Changed, kind: str, now: float, idle_seconds: float) -> str | None:
    """The longest idle, fresh ones first."""
    found = db.execute(
        "SELECT place, id FROM use JOIN record USING (place) WHERE use.kind = ? AND used <= ? AND used + idle > ?"
        " ORDER BY fresh DESC, used LIMIT 1",
        (kind, now - idle_seconds, now),
    ).fetchone()
    if found is None:
        return None
    changed[kind, found[1]] = b""
    _remove(db, [found[0]])
    return str(found[1])


def purge(db: Connection, now: float) -> None:
    """Remove what is over; not too much at once."""
    over = db.execute("SELECT place FROM use WHERE used + idle <= ? LIMIT ?", (now, MOST_PURGED)).fetchall()
    _remove(db, [place for (place,) in over])
    for key in db.execute("SELECT kind, id FROM gathering WHERE ends <= ?", (now,)).fetchall():
        _end_gathering(db, key)


def write_uses(db: Connection, uses: Iterable[tuple[Key, float]]) -> None:
    """Note when records were last used."""
    db.executemany(
        "UPDATE use SET used = ?1 WHERE used < ?1 AND place = (SELECT place FROM record WHERE kind = ?2 AND id = ?3)",
        [(used, *key) for key, used in uses],
    )


def count(db: Connection, kind: str, now: float) -> int:
    """Records that are not over."""
    return int(db.execute("SELECT count(*) FROM use WHERE kind = ? AND used + idle > ?", (kind, now)).fetchone()[0])


def data_bytes(db: Connection, kind: str, now: float) -> int:
    """Of records that are not over."""
    found = db.execute(
        "SELECT coalesce(sum(length(data)), 0) FROM record JOIN use USING (place)"
        " WHERE record.kind = ? AND used + idle > ?",
        (kind, now),
    )
    return int(found.fetchone()[0])


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


def _remove(db: Connection, places: Iterable[int]) -> None:
    for table in ("path", "use", "record"):
        db.executemany(f"DELETE FROM {table} WHERE place = ?", [(place,) for place in places])
