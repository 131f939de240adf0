"""Several processes on one socket: forked from one that has everything loaded, replaced when one of them dies."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

log = logging.getLogger("descent")

SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGALRM}
LEAST_LIFE_SECONDS = 1.0
"""A worker that ends sooner is replaced only then, so that one that cannot start does not keep the machine busy."""

LONGEST_END_SECONDS = 1.5
"""Beyond its grace a worker has so long to leave; then it is killed."""


class Workers:
    """`work` is called in each process, with its number and whether it is the first of all to begin.

    It returns when the process has been told to stop.
    """

    def __init__(self, work: Callable[[int, bool], None], number: int, graceful_seconds: float) -> None:
        self._work, self._number, self._graceful_seconds = work, number, graceful_seconds
        self._children: dict[int, tuple[int, float]] = {}
        self._due: dict[int, float] = {}
        self._alive = os.pipe()  # nobody writes: it ends when this process does

    def run(self) -> None:
        """Until SIGTERM or SIGINT; returns when all have ended."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        for number in range(self._number):
            self._fork(number, is_first=number == 0)
        while (told := signal.sigwait(SIGNALS)) not in {signal.SIGTERM, signal.SIGINT}:
            for number in self._reaped() if told == signal.SIGCHLD else ():
                log.error("worker %d has died; another takes its place", number)
            self._fork_those_due()
        self._stop()

    def _fork(self, number: int, *, is_first: bool = False) -> None:
        pid = os.fork()
        if pid == 0:
            self._be_worker(number, is_first)
        self._children[pid] = number, time.monotonic()

    def _be_worker(self, number: int, is_first: bool) -> None:
        code = 1
        try:
            os.close(self._alive[1])
            Thread(target=self._end_with_parent, daemon=True).start()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            self._work(number, is_first)
            code = 0
        except BaseException:
            log.exception("worker %d", number)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _end_with_parent(self) -> None:
        os.read(self._alive[0], 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _reaped(self) -> list[int]:
        """The numbers of workers that have ended."""
        ended = []
        with suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                if pid in self._children:  # and no orphan that came to us because we are a container's first process
                    number, started = self._children.pop(pid)
                    ended.append(number)
                    self._due[number] = started + LEAST_LIFE_SECONDS
        return ended

    def _fork_those_due(self) -> None:
        now = time.monotonic()
        for number in [number for number, due in self._due.items() if due <= now]:
            del self._due[number]
            self._fork(number)
        if self._due:
            signal.setitimer(signal.ITIMER_REAL, max(0.01, min(self._due.values()) - now))

    def _stop(self) -> None:
        for pid in self._children:
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + self._graceful_seconds + LONGEST_END_SECONDS
        while self._children:
            self._reaped()
            if time.monotonic() > deadline:
                for pid in self._children:
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
