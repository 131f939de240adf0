"""A route that FastAPI describes and that is called strictly.

Signatures are FastAPI's own (`Annotated[T, Body()]`, `Annotated[Q, Query()]`, `Depends`), so OpenAPI says all of it;
but body and query are read by `Shape`, parameters that nobody asked for are refused, dependencies run in place, and
the endpoint answers with a Response of its own. That is both stricter and cheaper than FastAPI's way.
"""

from collections.abc import Awaitable, Callable, Coroutine, Hashable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, cast

from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.utils import create_model_field
from pydantic_core import PydanticUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from app.api.body import read_bytes, read_json_bytes
from app.api.described import Responses, general_problems
from app.shapes import shape_of

Reader = Callable[[Request], Awaitable[dict[str, Any]]]
Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True)
class NoQuery:
    """The query of a route that takes none."""


class PlainRoute(Route):
    """A route beside the API, which no description names; log and metrics know it by its path like the others."""

    def __init__(self, path: str, endpoint: Endpoint, methods: tuple[str, ...] = ("GET",)) -> None:
        super().__init__(path, endpoint, methods=list(methods), include_in_schema=False)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, more = super().matches(scope)
        return match, more if match is Match.NONE else {**more, "route": self}


class StrictRoute(APIRoute):
    """Use it as `APIRouter(route_class=StrictRoute)`.

    A path parameter is text. The query is one model, `Annotated[Q, Query()]`. The body is any type; where it has a
    default it may be empty. Dependencies take path parameters, the request and other dependencies, and run first.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **details: Any) -> None:
        answers: Responses = details.pop("responses", None) or {}
        self._answers = {status: answer.get("model") for status, answer in answers.items()}
        super().__init__(
            path, endpoint, responses={s: _without_model(answer) for s, answer in answers.items()}, **details
        )
        self.unique_id = self.operation_id or self.name  # a client made from the description calls it so
        if self.summary is None:
            self.summary, _, rest = self.description.partition("\n")
            self.description = rest.strip()
        self.responses = general_problems(with_body=self.body_field is not None) | self.responses
        handle = self._handle

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            response = await handle(Request(scope, receive, send))
            await response(scope, receive, send)

        self.app = app  # FastAPI's own adds two exit stacks to each request, for dependencies that yield

    def describe(self) -> None:
        """Have the types of the answers at hand. Nothing is validated with them, and those of a session take 1 MB."""
        self.response_fields = {
            status: create_model_field(f"Response_{status}_{self.unique_id}", type_, mode="serialization")
            for status, type_ in self._answers.items()
            if type_ is not None
        }

    def get_route_handler(self) -> Handler:
        readers = [_arguments(self.dependant), _query(self.dependant)]
        if self.body_field is not None:
            readers.append(_body(self.dependant))
        self._handle = _handler(self.endpoint, readers)
        return self._handle


def _without_model(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "model"}


def _handler(endpoint: Callable[..., Any], readers: list[Reader]) -> Handler:
    async def handle(request: Request) -> Response:
        given: dict[str, Any] = {}
        for read in readers:
            given |= await read(request)
        response: Response = await endpoint(**given)
        return response

    return handle


def _arguments(dependant: Dependant) -> Reader:
    """Path parameters, the request, and what dependencies find."""
    names = [parameter.name for parameter in dependant.path_params]
    request_name = dependant.request_param_name
    dependencies = [(str(inner.name), inner.call, _arguments(inner)) for inner in dependant.dependencies]

    async def read(request: Request) -> dict[str, Any]:
        given = {name: request.path_params[name] for name in names}
        if request_name:
            given[request_name] = request
        for name, call, arguments in dependencies:
            found = call(**await arguments(request))  # type: ignore[misc]  # a dependency without a call is no dependency
            given[name] = await found if isawaitable(found) else found
        return given

    return read


def _query(dependant: Dependant) -> Reader:
    """The query model; without one, no parameter is known."""
    if len(dependant.query_params) > 1:
        raise TypeError(f"{dependant.call} takes its query as one model, Annotated[Q, Query()]")
    parameter = dependant.query_params[0] if dependant.query_params else None
    shape = shape_of(_type(parameter) if parameter else NoQuery)

    async def read(request: Request) -> dict[str, Any]:
        query = request.scope["query_string"]
        if parameter is None:
            return shape.from_query(query) if query else {}
        return {parameter.name: shape.from_query(query)}

    return read


def _body(dependant: Dependant) -> Reader:
    (parameter,) = dependant.body_params
    shape = shape_of(_type(parameter))
    default = parameter.field_info.get_default(call_default_factory=True)

    async def read(request: Request) -> dict[str, Any]:
        most_bytes = request.app.state.settings.max_body_bytes
        is_optional = default is not PydanticUndefined and "content-type" not in request.headers
        if is_optional and not await read_bytes(request, 0):
            return {parameter.name: default}
        return {parameter.name: shape.from_json(await read_json_bytes(request, most_bytes))}

    return read


def _type(parameter: ModelField) -> Hashable:
    """The type of a query or body, which says all there is to say of it."""
    if parameter.field_info.metadata:
        raise TypeError(f"the bounds of {parameter.name} belong to its type")
    return cast("Hashable", parameter.field_info.annotation)
