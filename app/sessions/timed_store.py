"""A store whose calls are timed and whose failures are counted."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from types import SimpleNamespace
from typing import Any, cast

from app.errors import StoreUnavailable
from app.metrics import STORE_CALLS, Metrics
from app.sessions.store import Store

Call = Callable[..., Awaitable[Any]]


def timed(store: Store, metrics: Metrics) -> Store:
    """The same store; closing it is left to whoever opened it."""
    return cast("Store", SimpleNamespace(**{name: _timed(getattr(store, name), name, metrics) for name in STORE_CALLS}))


def _timed(call: Call, name: str, metrics: Metrics) -> Call:
    labels, seconds, failures = (name,), metrics.store_seconds, metrics.store_failures

    async def timed_call(*arguments: Any, **more: Any) -> Any:
        begin = perf_counter()
        try:
            return await call(*arguments, **more)
        except StoreUnavailable:
            failures.add(1, labels)
            raise
        finally:
            seconds.observe(perf_counter() - begin, labels)

    return timed_call
