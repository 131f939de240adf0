"""The application, put together: settings, store, routes, and what surrounds every request."""

from asyncio import create_task, to_thread
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app import __version__
from app.api import catalogue, datasets, figures, health, insight, metrics, reading, sessions, studies, surfaces
from app.api.access import Access, Gate, sign_in_route
from app.api.answers import json_response
from app.api.caching import RecentAnswers, SharedAnswers
from app.api.middleware import Shell
from app.api.openapi import complete
from app.api.route import PlainRoute, StrictRoute
from app.errors import NotFound, WrongMethod
from app.metrics import Metrics
from app.pages import pages, sign_in_page
from app.sessions.sessions import Sessions
from app.sessions.store import Store
from app.sessions.stores import open_store
from app.settings import Settings
from app.static_files import StaticFiles, cache_folder, published_files

ROUTERS: tuple[APIRouter, ...] = (
    sessions.router,
    reading.router,
    surfaces.router,
    insight.router,
    studies.router,
    figures.router,
    catalogue.router,
    datasets.router,
    health.router,
)
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, Route)]
PLACES = {route.path_format: place for place, route in enumerate(ROUTES)}
ASKED_MOST = (sessions.trajectory, sessions.step)
"""The endpoints that are looked for first; no other path looks like theirs."""

DESCRIPTION = """\
Gradient descent on real models, step by step: a **session** is a recipe, its numbers follow from it.

Bodies are one JSON object in UTF-8 (400 if it is not JSON; 422 for NaN, infinity, a key that stands twice, half a
character, more than 200 levels). Unknown fields and query parameters are refused (422), and so is a number written as
a text. Every error is an RFC 9457 problem in the language of `Accept-Language`, at most 4 KB; a wrong method is 405
with the full `Allow`.
"""


class Descent(FastAPI):
    """FastAPI, with a description that says all of it, and without the layers that only its own routes need."""

    asked_most = tuple(route for route in ROUTES if route.endpoint in ASKED_MOST)

    def build_middleware_stack(self) -> ASGIApp:
        """`Shell` makes an answer of every exception; FastAPI's five layers would cost as much as finding a session."""
        app: ASGIApp = self._route
        for layer, arguments, options in reversed(self.user_middleware):
            app = layer(app, *arguments, **options)
        return app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """FastAPI's own asks at each request in three ways whether somebody traces it."""
        call = super().__call__ if scope["type"] != "http" else super(FastAPI, self).__call__
        await call(scope, receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._call(scope, receive, send)
        except HTTPException as refusal:
            if refusal.status_code == NotFound.status:
                raise NotFound from None
            if refusal.status_code == WrongMethod.status:
                raise WrongMethod(scope["method"], allowed_methods(self.routes, scope)) from None
            raise

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is asked for most goes past the router, which comes to the same by four calls more."""
        for route in self.asked_most:
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                await route.app(scope, receive, send)
                return
        await self.router(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            for route in self.routes:
                if isinstance(route, StrictRoute):
                    route.describe()
            description = super().openapi()
            paths = sorted(description["paths"], key=lambda path: PLACES.get(path, len(PLACES)))
            description["paths"] = {path: description["paths"][path] for path in paths}
            complete(description)
        return super().openapi()


def create_app(settings: Settings, store: Store | None = None) -> FastAPI:
    """The application; a store that is handed in stays open when it ends."""
    static = StaticFiles(published_files(), cache_folder(settings.cache_folder))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.store = store or open_store(settings.store)
        app.state.sessions = Sessions(settings, app.state.store, app.state.metrics)
        compressing = create_task(to_thread(static.compress))
        try:
            yield
        finally:
            await compressing
            await app.state.sessions.studies.stop()
            app.state.sessions.close()
            if store is None:
                await app.state.store.close()

    app = Descent(
        title="Descent",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.settings, app.state.recent_answers = settings, RecentAnswers()
    app.state.shared_answers = SharedAnswers(settings.max_surface_cache_bytes)
    # One flat list: FastAPI looks through an included router twice for every request, and one route after the other.
    app.router.routes += [*ROUTES, PlainRoute("/api/v1/openapi.json", _openapi), *pages(settings, static)]
    if settings.metrics:
        app.router.routes.append(metrics.route)
    _surround(app, settings, static)
    return app


def _surround(app: FastAPI, settings: Settings, static: StaticFiles) -> None:
    """The layers around the routes, the innermost first."""
    if settings.access_token:
        access, show = Access(settings.access_token), sign_in_page(settings, static)
        app.router.routes.append(sign_in_route(settings, access, show))
        app.add_middleware(Gate, settings=settings, access=access, sign_in=show)
    app.state.metrics = Metrics(_labels(app.routes), settings.workers)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=["*"], allow_headers=["*"]
        )
    app.add_middleware(Shell, settings=settings, metrics=app.state.metrics)


def _labels(routes: Iterable[BaseRoute]) -> list[tuple[str, str]]:
    """Method and template of every route."""
    methods = [(method, route.path) for route in routes if isinstance(route, Route) for method in route.methods or ()]
    return methods + [("HEAD", path) for method, path in methods if method == "GET"]


async def _openapi(request: Request) -> Response:
    settings: Settings = request.app.state.settings
    more: dict[str, Any] = {"servers": [{"url": settings.root_path}]} if settings.root_path else {}
    if settings.access_token:
        more["security"] = [{"token": []}, {"cookie": []}]
    return json_response(request.app.openapi() | more, headers={"Cache-Control": "no-cache"})


def allowed_methods(routes: Iterable[BaseRoute], scope: Any) -> set[str]:
    """Every method of a path, whichever route serves it; HEAD wherever there is GET."""
    matching = [route for route in routes if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE]
    methods = {method for route in matching for method in route.methods or ()}
    return methods | {"HEAD"} if "GET" in methods else methods
