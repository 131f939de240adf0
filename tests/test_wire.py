"""What the page believes of the answers, `static/js/wire.js`, against what OpenAPI promises."""

import re
from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings
from app.texts import static_folder

NAMED_ALIKE = {
    "Advice": "AdviceShown",
    "DataView": "DataShown",
    "Delta": "DeltaShown",
    "ParameterShape": "ParameterShown",
    "ParameterValues": "ParametersShown",
    "Place": "Mark",
    "Predictions": "PredictionsShown",
    "Problem4xx": "ProblemDetails",
    "Recipe": "Recipe",
    "RunEvent": "EventRecipe",
    "RunRecipe": "RunRecipe",
    "RunState": "RunDelta",
    "SessionView": "SessionShown",
    "Surface": "SurfaceShown",
    "Trajectory": "TrajectoryShown",
    "Upload": "TableShown",
}
TYPEDEF = re.compile(r"@typedef \{object\} (\w+).*?\*/", re.DOTALL)
PROPERTY = re.compile(r"@property \{.+\} (\[?)(\w+)\]?(?: |$)", re.MULTILINE)
ASKED_AND_ANSWERED = {"Recipe", "RunRecipe"}
"""What a client may leave out of these is filled in in every answer."""
THERE_FOR_THE_PAGE = {"SessionView": {"id"}, "Place": {"x", "y"}}
"""`id` for the owner of a session; a known point is somewhere on the plane."""


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    found: dict[str, Any] = create_app(Settings()).openapi()["components"]["schemas"]
    return found


def believed() -> dict[str, dict[str, bool]]:
    """For each typedef its properties, and whether they are always there."""
    source = (static_folder() / "js" / "wire.js").read_text(encoding="utf-8")
    return {
        typedef[1]: {name: not bracket for bracket, name in PROPERTY.findall(typedef[0])}
        for typedef in TYPEDEF.finditer(source)
    }


def test_the_types_of_the_page_are_found() -> None:
    assert believed().keys() >= NAMED_ALIKE.keys()


@pytest.mark.parametrize("name", NAMED_ALIKE)
def test_the_page_reads_what_openapi_promises(name: str, schemas: dict[str, Any]) -> None:
    promised = schemas[NAMED_ALIKE[name]]
    properties = believed()[name]
    assert properties.keys() <= promised["properties"].keys()


@pytest.mark.parametrize("name", sorted(NAMED_ALIKE.keys() - ASKED_AND_ANSWERED))
def test_the_page_relies_on_nothing_that_may_be_missing(name: str, schemas: dict[str, Any]) -> None:
    promised = schemas[NAMED_ALIKE[name]]
    always = {*promised.get("required", ()), *THERE_FOR_THE_PAGE.get(name, ())}
    assert {field for field, is_always in believed()[name].items() if is_always} <= always
