"""When records were last used: noted with every request, written down in bundles."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from app.errors import StoreUnavailable

log = logging.getLogger("descent")

Key = tuple[str, str]
Uses = Mapping[Key, float]

LONGEST_DELAY_SECONDS = 30.0
"""Below `ACTIVE_SECONDS` of the sessions, so that no process takes one for idle that is in use in another."""


class UseNotes:
    """What this process has seen and not yet written.

    A use is written at the latest when the one written before it is `LONGEST_DELAY_SECONDS` ago, or a quarter of the
    idle time. So what looks idle for longer than that is idle, whoever looks.
    """

    def __init__(self, clock: Callable[[], float], write: Callable[[Uses], Awaitable[None]]) -> None:
        self._clock, self._write = clock, write
        self._notes: dict[Key, float] = {}
        self._due = float("inf")
        self._timer: asyncio.TimerHandle | None = None
        self._writing: set[asyncio.Task[None]] = set()

    def latest(self, key: Key) -> float:
        """The time of the last use noted here; 0 without one."""
        return self._notes.get(key, 0.0)

    def note(self, key: Key, used: float, idle: float) -> bool:
        """Note a use now, unless the idle time is over; `used` is the use written last."""
        now = self._clock()
        if now - max(used, self.latest(key)) >= idle:
            return False
        self._notes[key] = now
        due = max(now, used + min(LONGEST_DELAY_SECONDS, idle / 4))
        if due < self._due:
            self._wake(due, due - now)
        return True

    def forget(self, key: Key, until: float) -> None:
        """Uses up to this time have been written otherwise."""
        if self.latest(key) <= until:
            self._notes.pop(key, None)

    async def flush(self) -> None:
        """Write all of them; where that fails they stay noted."""
        notes, self._notes = self._notes, {}
        self._stop()
        if not notes:
            return
        try:
            await self._write(notes)
        except BaseException:
            self._notes = notes | self._notes
            raise

    async def close(self) -> None:
        """Write what is noted, if that can be done."""
        await self._flush_or_log()
        await asyncio.gather(*self._writing)

    def _wake(self, due: float, delay: float) -> None:
        self._stop()
        self._due = due
        self._timer = asyncio.get_running_loop().call_later(delay, self._begin)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._due, self._timer = float("inf"), None

    def _begin(self) -> None:
        task = asyncio.get_running_loop().create_task(self._flush_or_log())
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _flush_or_log(self) -> None:
        try:
            await self.flush()
        except StoreUnavailable:
            log.warning("the store does not take down which records are in use; tried again with the next use")
