"""How processes that share a SQLite file hear of each other's writes without asking SQLite.

A small file lies beside the database, in which every record has a place by the hash of its name, with two stamps. Who
changes a record puts a new random stamp first while he alone may write, commits, and then puts the same stamp second.
So whoever finds both alike and reads the record then may rely on what he read as long as the first stamp stays; and
who knows the stamp of his own commit need not read at all. If a process is killed in between, the stamps differ until
the next change, and SQLite is asked. It costs a look into memory, and no other thread gets the interpreter meanwhile.
"""

import mmap
import os
from pathlib import Path
from secrets import token_bytes
from zlib import crc32

PLACES = 8192
STAMP_BYTES = 8
PLACE_BYTES = 2 * STAMP_BYTES


def make_file(path: Path) -> None:
    """Make the file where there is none; to be called by one process at a time.

    Bytes, not a hole: what has its blocks on the disk can be looked at when the disk is full.
    """
    if not path.exists() or path.stat().st_size < PLACES * PLACE_BYTES:
        path.write_bytes(bytes(PLACES * PLACE_BYTES))


class Signals:
    """Stamps of records by their place."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._stamps = mmap.mmap(self._file, PLACES * PLACE_BYTES, access=mmap.ACCESS_READ)

    def place(self, kind: str, id_: str) -> int:
        """Where the stamps of a record stand."""
        return crc32(f"{kind}/{id_}".encode()) % PLACES * PLACE_BYTES

    def stamp(self, place: int) -> bytes:
        """The first one: another than before once somebody is about to commit."""
        return self._stamps[place : place + STAMP_BYTES]

    def settled(self, place: int) -> bytes | None:
        """The stamp of the last commit; None while one is on its way, or was never finished."""
        both = self._stamps[place : place + PLACE_BYTES]
        return both[:STAMP_BYTES] if both[:STAMP_BYTES] == both[STAMP_BYTES:] else None

    def announce(self, place: int) -> bytes:
        """Put a new stamp, with the right to write and before the commit; OSError where the disk does not take it."""
        stamp = token_bytes(STAMP_BYTES)
        os.pwrite(self._file, stamp, place)
        return stamp

    def settle(self, place: int, stamp: bytes) -> None:
        """The commit is done, or will not be."""
        os.pwrite(self._file, stamp, place + STAMP_BYTES)

    def close(self) -> None:
        self._stamps.close()
        os.close(self._file)
