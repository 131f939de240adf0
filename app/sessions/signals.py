"""How processes that share a SQLite file hear of each other's writes without asking SQLite.

A small file of stamps lies beside the database; a record has its place there by the hash of its name. Who has
committed a change puts a new random stamp there before the change is acknowledged. Whoever read the stamp first and
the record then may go on with what it read while the stamp is the same. It costs a look into memory, and no other
thread gets the interpreter meanwhile.
"""

import mmap
import os
from pathlib import Path
from secrets import token_bytes
from zlib import crc32

PLACES = 8192
STAMP_BYTES = 8


def make_file(path: Path) -> None:
    """Make the file where there is none; to be called by one process at a time.

    Bytes, not a hole: what has its blocks on the disk can be looked at when the disk is full.
    """
    if not path.exists() or path.stat().st_size < PLACES * STAMP_BYTES:
        path.write_bytes(bytes(PLACES * STAMP_BYTES))


class Signals:
    """Stamps of records by their place."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._stamps = mmap.mmap(self._file, PLACES * STAMP_BYTES, access=mmap.ACCESS_READ)

    def place(self, kind: str, id_: str) -> int:
        """Where the stamp of a record stands."""
        return crc32(f"{kind}/{id_}".encode()) % PLACES * STAMP_BYTES

    def stamp(self, place: int) -> bytes:
        return self._stamps[place : place + STAMP_BYTES]

    def change(self, place: int) -> None:
        """Tell all other processes; OSError on a full disk of the kind that writes in new places."""
        os.pwrite(self._file, token_bytes(STAMP_BYTES), place)

    def close(self) -> None:
        self._stamps.close()
        os.close(self._file)
