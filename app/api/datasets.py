"""Tables sent as CSV, for data sets of the kind `uploaded`."""

from typing import Annotated, Any, Literal

from annotated_types import Len
from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api.answers import json_response
from app.api.asked import SessionsHere
from app.api.body import read_bytes
from app.api.described import answers
from app.api.route import StrictRoute
from app.engine.data.csv_columns import CsvLimits, read_columns
from app.engine.data.csv_table import choose
from app.engine.data.dataset import Table
from app.engine.data.problems import DataError
from app.errors import BadInput, BodyTooLarge, EmptyBody, NotCsv, TooMuchWork
from app.recipe.build import data_errors
from app.settings import Settings

PREVIEW_ROWS = 5

router = APIRouter(prefix="/api/v1/datasets", route_class=StrictRoute, tags=["data"])


class TableQuery(BaseModel, frozen=True):
    """Which columns: names or numbers from 1, those of `x` separated by commas; header and delimiter are guessed."""

    x: Annotated[str, Len(1, 4000)] | None = None
    y: Annotated[str, Len(1, 80)] | None = None
    header: Literal["yes", "no", "true", "false", "auto"] = "auto"
    delimiter: Literal["comma", "semicolon", "tab", "bar", "auto", ",", ";", "\t", "|"] = "auto"


class TableShown(TypedDict):
    """`id` goes into a recipe: `{"kind": "uploaded", "id": …}`; `preview` are the first rows, features then target."""

    id: str
    examples: int
    x_names: list[str]
    y_names: list[str]
    classes: list[str] | None
    preview: list[list[float]]


_CSV_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}, "example": "hours,grade\n1,2.0\n2,2.5\n3,3.5\n"}},
    }
}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "auto": None}
_HEADERS = {"yes": True, "true": True, "no": False, "false": False, "auto": None}


@router.post(
    "",
    status_code=201,
    responses=answers(TableShown, EmptyBody, BodyTooLarge, NotCsv, TooMuchWork, status=201),
    openapi_extra=_CSV_BODY,
)
async def upload(request: Request, query: Annotated[TableQuery, Query()], sessions: SessionsHere) -> Response:
    """Send a table as text/csv; what cannot be used is named by row and column."""
    settings = sessions.settings
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/csv":
        raise NotCsv
    content = await read_bytes(request, settings.max_upload_bytes)
    if not content.strip():
        raise EmptyBody("problem.empty-body.csv")
    table = _table(content, query, settings)
    return json_response(_shown(await sessions.tables.keep(table), table), 201)


def _table(content: bytes, query: TableQuery, settings: Settings) -> Table:
    limits = CsvLimits(settings.max_upload_bytes, settings.max_examples)
    delimiter = _DELIMITERS.get(query.delimiter, query.delimiter)
    try:
        columns = read_columns(content, limits=limits, delimiter=delimiter, header=_HEADERS[query.header])
        return choose(columns, x=[name.strip() for name in query.x.split(",")] if query.x else (), y=query.y)
    except DataError as error:
        raise BadInput(errors=data_errors(error, "table")) from None


def _shown(table_id: str, table: Table) -> dict[str, Any]:
    rows = [*table.X[:, :PREVIEW_ROWS], *table.Y[:, :PREVIEW_ROWS]]
    return {
        "id": table_id,
        "examples": table.X.shape[1],
        "x_names": list(table.x_names),
        "y_names": list(table.y_names),
        "classes": None if table.classes is None else list(table.classes),
        "preview": [list(row) for row in zip(*(row.tolist() for row in rows), strict=True)],
    }
