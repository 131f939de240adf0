"""Whether the process lives, and whether it can do its work: for load balancers and container engines."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.api.answers import json_response
from app.api.described import problems
from app.api.route import StrictRoute
from app.errors import StoreUnavailable

router = APIRouter(route_class=StrictRoute, tags=["operation"])


class Health(BaseModel):
    """All is well."""

    status: Literal["ok"]
    version: str


@router.get("/healthz", responses={200: {"model": Health}})
async def healthz() -> Response:
    """Whether the process answers"""
    return json_response({"status": "ok", "version": __version__})


@router.get("/readyz", responses={200: {"model": Health}, **problems(StoreUnavailable)})
async def readyz(request: Request) -> Response:
    """Whether the store that keeps the sessions can be reached"""
    await request.app.state.store.ping()
    return json_response({"status": "ok", "version": __version__})
