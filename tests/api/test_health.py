from app import __version__
from app.errors import StoreUnavailable
from app.sessions.memory_store import MemoryStore
from tests.api.small_routes import small_app
from tests.asgi import call


class UnreachableStore(MemoryStore):
    async def ping(self) -> None:
        raise StoreUnavailable


def test_a_process_that_answers_is_healthy_and_ready() -> None:
    app = small_app()
    for path in ("/healthz", "/readyz"):
        assert call(app, "GET", path).json == {"status": "ok", "version": __version__}


def test_without_its_store_it_is_healthy_but_not_ready() -> None:
    app = small_app()
    app.state.store = UnreachableStore()
    assert call(app, "GET", "/healthz").status == 200
    reply = call(app, "GET", "/readyz")
    assert (reply.status, reply.type, reply.headers["retry-after"]) == (503, "store-unavailable", "1")
