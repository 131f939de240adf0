"""Routes of every sort, for tests of what surrounds them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Body, Depends, FastAPI, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.api.answers import Encoded, json_response
from app.api.body import read_bytes
from app.api.described import problems
from app.api.route import StrictRoute
from app.errors import StaleCursor, UnknownSession
from app.main import create_app
from app.sessions.memory_store import MemoryStore
from app.settings import Settings
from tests.sample import Sample

router = APIRouter(prefix="/t", route_class=StrictRoute)


class Wanted(BaseModel):
    since: int | None = None
    run: str | None = None


def known(id: str) -> str:  # noqa: A002 - the name in the path
    if id != "known":
        raise UnknownSession
    return id


async def shouted(word: Annotated[str, Depends(known)], request: Request) -> str:
    return f"{request.method} {word.upper()}"


Shouted = Annotated[str, Depends(shouted)]


@router.get("/things/{id}", responses=problems(UnknownSession))
async def thing(word: Shouted, query: Annotated[Wanted, Query()]) -> Response:
    """A thing

    With all there is to say about it.
    """
    return json_response({"word": word, "since": query.since, "run": query.run}, headers={"ETag": '"1"'})


@router.delete("/things/{id}")
async def remove(word: Shouted) -> Response:
    return Encoded(b"", 204)


@router.post("/things", responses=problems(StaleCursor))
async def make(body: Annotated[Sample, Body()]) -> Response:
    return json_response({"samples": getattr(body.dataset, "samples", None)}, 201)


@router.post("/optional")
async def optional(body: Annotated[Wanted | None, Body()] = None) -> Response:
    return json_response(body.since if body else "nothing")


@router.post("/raw")
async def raw(request: Request) -> Response:
    return json_response(len(await read_bytes(request, 2000)))


@router.get("/cached")
async def cached() -> Response:
    return json_response([], headers={"Cache-Control": "private, no-cache", "Content-Security-Policy": "sandbox"})


@router.get("/defect")
async def defect() -> Response:
    raise ZeroDivisionError("secret")


@router.get("/half")
async def half() -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    return StreamingResponse(pieces())


@router.get("/slow")
async def slow() -> Response:
    await asyncio.sleep(60)
    return json_response("late")


def small_app(settings: Settings | None = None) -> FastAPI:
    app = create_app(settings or Settings(), MemoryStore())
    app.state.store = MemoryStore()  # what starting the server would do
    app.router.routes[:0] = router.routes
    return app
