"""Who uses a server: students who play as the page does, spectators, and those who compute as much as they may."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import random

from tests.load.client import LOST, Answer, Client
from tests.load.figures import Tally

API = "/api/v1/sessions"
NETWORK = {
    "problem": {"kind": "two_layer_sigmoid", "hidden": 4, "dataset": {"kind": "surface", "samples": 100}},
    "runs": [{"optimizer": {"learning_rate": 0.05}}],
}
LINE = {"problem": {"kind": "univariate_regression"}, "runs": [{"optimizer": {"learning_rate": 0.001}}]}

# What the page asks for in steady play at 60 steps a second, as counted in a browser.
STEPS, STEP_SECONDS = 120, 2.0
BEHIND = STEPS // 2  # steps that the drawn one is behind the last, on average
PREDICTIONS_SECONDS = 1.5
SURFACE_SECONDS = 2.5 * (1 + 17 * 100 / 5000)
DIAGNOSIS_SECONDS = 9.0
POLL_SECONDS = 0.1


@dataclass
class Session:
    """A session as a client knows it: its id, how far it got, and the plane that is drawn."""

    client: Client
    path: str = ""
    step: int = 0
    lineage: int = 0
    plane: str | None = None
    etag: bytes = b""

    async def open(self, recipe: object) -> Answer:
        answer = await self.client.send("POST", API, recipe)
        if answer.status == 201:
            self.path = f"{API}/{answer.json['id']}"
        return answer

    async def advance(self, steps: int = STEPS) -> Answer:
        body = {"steps": steps, "from_step": self.step, "lineage": self.lineage, "max_points": 600}
        plane = {"plane": self.plane} if self.plane else {}
        answer = await self.client.send("POST", f"{self.path}/step", body | plane)
        if answer.status == 200:
            self.step = answer.json["step"]
        return answer

    async def draw(self) -> Answer:
        """The slice around the current point, on whose plane later steps are asked for."""
        query = f"?plane=parameters&resolution=31&digits=5&step={self.step}"
        answer = await self.client.send("GET", f"{self.path}/surface{query}")
        if answer.status == 200:
            self.plane = answer.json["plane"]["id"]
        return answer

    async def predict(self) -> Answer:
        return await self.client.send("GET", f"{self.path}/predictions?step={self.step}&resolution=31&digits=4")

    async def diagnose(self) -> Answer:
        return await self.client.send("GET", f"{self.path}/diagnosis?step={self.step}")

    async def poll(self) -> Answer:
        """What a spectator asks for: what is new since the last answer."""
        query = f"?since={self.step}&lineage={self.lineage}&max_points=300"
        answer = await self.client.send("GET", f"{self.path}/trajectory{query}", etag=self.etag)
        if answer.status == 200:
            self.etag, self.step = answer.etag, answer.json["step"]
        return answer


@dataclass
class People:
    """All who are there; what they do is noted from `begin` on."""

    port: int
    tally: Tally = field(default_factory=Tally)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def sessions(self, number: int, recipe: object, at_once: int = 8) -> list[Session]:
        """So many new ones."""
        opened = [Session(Client(self.port)) for _ in range(number)]
        turns = asyncio.Semaphore(at_once)

        async def one(session: Session) -> None:
            async with turns:
                answer = await session.open(recipe)
                while answer.status != 201:
                    await asyncio.sleep(answer.retry_after or 0.2)
                    answer = await session.open(recipe)

        await asyncio.gather(*map(one, opened))
        return opened

    def repeat(self, what: str, act: Callable[[], Awaitable[Answer]], interval: float) -> None:
        """Do this every `interval` seconds, from a moment of chance on; later by as much as a refusal says."""

        async def keep_on() -> None:
            due = time.perf_counter() + random() * interval
            while True:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                began = time.perf_counter()
                answer = self.tally.note(what, await act(), began)
                due = max(due + interval, time.perf_counter() + (answer.retry_after or 0.1 * (answer is LOST)))

        self.tasks.append(asyncio.ensure_future(keep_on()))

    def play(self, session: Session) -> None:
        """As the page does: one connection for steps, one for the pictures that trail behind."""
        pictures = Session(Client(self.port), session.path)

        async def trail(look: Callable[[], Awaitable[Answer]]) -> Answer:
            pictures.step = max(0, session.step - BEHIND)
            answer = await look()
            session.plane = pictures.plane
            return answer

        self.repeat("step", session.advance, STEP_SECONDS)
        self.repeat("predictions", lambda: trail(pictures.predict), PREDICTIONS_SECONDS)
        self.repeat("surface", lambda: trail(pictures.draw), SURFACE_SECONDS)
        self.repeat("diagnosis", lambda: trail(pictures.diagnose), DIAGNOSIS_SECONDS)

    def watch(self, path: str, step: int) -> None:
        self.repeat("poll", Session(Client(self.port), path, step).poll, POLL_SECONDS)

    async def leave(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()
