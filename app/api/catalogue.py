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
from app.static_files import ENCODERS, best_encoding, encoding_header
from app.texts import spoken

router = APIRouter(prefix="/api/v1", route_class=StrictRoute, tags=["catalogue"])


@router.get("/catalogue", operation_id="catalogue", responses=answers(dict[str, Any]) | NOT_MODIFIED)
async def whole(request: Request) -> Response:
    """Problems, data sets, starts, optimizers, schedules …, each with its formula and the schema of its fields."""
    encoding = best_encoding(request.headers.get("accept-encoding", ""))
    body, etag = _encoded(request.app.state.settings, spoken(), encoding)
    headers = {"ETag": etag, "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding, Accept-Language"}
    return not_modified(request, headers) or Encoded(body, headers=headers | encoding_header(encoding))


@lru_cache(maxsize=96)
def _encoded(settings: Settings, language: str, encoding: str | None) -> tuple[bytes, str]:
    """A tenth of its 180 KB when compressed: it comes before the first picture."""
    if encoding is None:
        body = orjson.dumps(catalogue(settings, language))
    else:
        body = ENCODERS[encoding](_encoded(settings, language, None)[0])
    return body, tag(body)
