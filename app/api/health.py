"""Whether the process lives, and whether it can do its work: for load balancers and container engines."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.api.answers import json_response
from app.api.described import problems
from app.api.route import StrictRoute
from app.errors import StoreUnavailable

router = APIRouter(route_class=StrictRoute, tags=["operation"])


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers."""
    return json_response({"status": "ok", "version": __version__})


@router.get("/readyz", responses=problems(StoreUnavailable))
async def readyz(request: Request) -> Response:
    """The store that keeps the sessions can be reached; 503 where it cannot."""
    await request.app.state.store.ping()
    return json_response({"status": "ok", "version": __version__})
