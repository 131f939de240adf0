"""Students who do not give up: each counts what was acknowledged, and retries what was not with its `from_step`."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from random import random
from typing import Any

from tests.load.client import LOST, Answer, Client

API = "/api/v1/sessions"
LINE = {"problem": {"kind": "univariate_regression"}, "runs": [{"optimizer": {"learning_rate": 0.001}}]}
RETRY_SECONDS = 0.1
GIVE_UP_SECONDS = 30.0
ALLOWED = {200, 201, 204, 304, 429, 503}


@dataclass
class Student:
    """Steps one by `stride`; `acknowledged` is where a 200 said the session is."""

    ports: list[int]
    stride: int = 3
    path: str = ""
    acknowledged: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    longest_gap: float = 0.0
    """Seconds between two successes."""
    _clients: dict[int, Client] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """Until it succeeds, at any of the servers; every other answer has to be a polite one."""
        began = time.monotonic()
        while True:
            port = self.ports[int(random() * len(self.ports))]
            client = self._clients.setdefault(port, Client(port))
            answer = await client.send(method, path, body)
            self.statuses[answer.status] += 1
            assert answer is LOST or answer.status in ALLOWED, (answer.status, answer.body)
            if 200 <= answer.status < 300:
                self.longest_gap = max(self.longest_gap, time.monotonic() - began)
                return answer
            assert time.monotonic() - began < GIVE_UP_SECONDS, f"nothing but {answer.status}"
            await asyncio.sleep(RETRY_SECONDS * (0.5 + random()))

    async def open(self, recipe: object = LINE) -> None:
        self.path = f"{API}/{(await self.ask('POST', API, recipe)).json['id']}"

    async def step(self) -> None:
        """Exactly to `acknowledged` + `stride`, however often it has to be asked for."""
        body = {"steps": self.stride, "from_step": self.acknowledged, "lineage": 0, "max_points": 10}
        step = (await self.ask("POST", f"{self.path}/step", body)).json["step"]
        assert step == self.acknowledged + self.stride, f"aimed at {self.acknowledged + self.stride}, is at {step}"
        self.acknowledged = step

    async def check(self) -> None:
        """Nothing that was acknowledged is gone, nothing was done twice, and the numbers are those of a whole run."""
        found = (await self.ask("GET", f"{self.path}/trajectory")).json
        assert found["step"] == self.acknowledged
        loss = found["runs"][0]["loss"]
        whole = Student(self.ports)
        await whole.open()
        while whole.acknowledged < self.acknowledged:
            whole.stride = min(1000, self.acknowledged - whole.acknowledged)
            await whole.step()
        assert (await whole.ask("GET", f"{whole.path}/trajectory")).json["runs"][0]["loss"] == loss
        await whole.leave()
        await self.leave()

    async def leave(self) -> None:
        for client in self._clients.values():
            await client.cut()


@dataclass
class Class:
    """Some students who step until they are told to stop."""

    students: list[Student]
    _stops: bool = False
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    @classmethod
    async def of(cls, number: int, ports: list[int]) -> "Class":
        students = [Student(ports, stride=1 + n % 5) for n in range(number)]
        await asyncio.gather(*(student.open() for student in students))
        return cls(students)

    def play(self, pause: float = 0.01) -> None:
        async def on(student: Student) -> None:
            while not self._stops:
                await student.step()
                await asyncio.sleep(pause)

        self._tasks = [asyncio.ensure_future(on(student)) for student in self.students]

    async def end(self, recovery_seconds: float) -> None:
        """They stop; each is where it aimed, and none had to wait longer for an answer than this."""
        self._stops = True
        await asyncio.gather(*self._tasks)
        for student in self.students:
            assert student.acknowledged > 0
            await student.check()
        longest = max(student.longest_gap for student in self.students)
        assert longest <= recovery_seconds, f"{longest:.1f} s without a success"

    @property
    def statuses(self) -> Counter[int]:
        return sum((student.statuses for student in self.students), Counter())
