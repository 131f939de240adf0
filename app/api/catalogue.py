"""What can be asked for."""

from functools import lru_cache
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Encoded
from app.api.caching import NOT_MODIFIED, not_modified, tag
from app.api.described import answers
from app.api.route import StrictRoute
from app.catalogue import catalogue
from app.settings import Settings
from app.texts import spoken

router = APIRouter(prefix="/api/v1", route_class=StrictRoute, tags=["catalogue"])


@router.get("/catalogue", operation_id="catalogue", responses=answers(dict[str, Any]) | NOT_MODIFIED)
async def whole(request: Request) -> Response:
    """Problems, data sets, starts, optimizers, schedules …, each with its formula and the schema of its fields."""
    body, etag = _encoded(request.app.state.settings, spoken())
    headers = {"ETag": etag, "Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}
    return not_modified(request, headers) or Encoded(body, headers=headers)


@lru_cache(maxsize=32)
def _encoded(settings: Settings, language: str) -> tuple[bytes, str]:
    body = orjson.dumps(catalogue(settings, language))
    return body, tag(body)
