"""What the server has counted, for Prometheus to collect; no part of the API, and absent where a setting says so."""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.api.answers import Encoded
from app.api.route import PlainRoute
from app.errors import StoreUnavailable
from app.metrics import CONTENT_TYPE, Metrics, gauge
from app.sessions.store import SESSION


async def _metrics(request: Request) -> Response:
    """Of all workers, whichever is asked. Without its store it tells all but the sessions in there."""
    metrics: Metrics = request.app.state.metrics
    lines = metrics.exposition()
    lines += gauge("descent_build_info", "The release that is running.", 1, {"version": __version__})
    with suppress(StoreUnavailable):
        stored = await request.app.state.store.count(SESSION)
        lines += gauge("descent_sessions_stored", "Sessions in the store.", stored)
    return Encoded("\n".join([*lines, ""]).encode(), 200, CONTENT_TYPE.encode())


route = PlainRoute("/metrics", _metrics)
