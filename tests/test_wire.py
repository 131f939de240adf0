"""What the page believes of the answers, `static/js/wire.js`, against what OpenAPI promises."""

import pytest

from tests.page_types import believed, schemas

NAMED_ALIKE = {
    "Advice": "AdviceShown",
    "DataView": "DataShown",
    "Delta": "DeltaShown",
    "Line": "LineShown",
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
MODULE = "wire.js"
ASKED_AND_ANSWERED = {"Recipe", "RunRecipe"}
"""What a client may leave out of these is filled in in every answer."""
THERE_FOR_THE_PAGE = {"SessionView": {"id"}, "Place": {"x", "y"}}
"""`id` for the owner of a session; a known point is somewhere on the plane."""


def test_the_types_of_the_page_are_found() -> None:
    assert believed(MODULE).keys() >= NAMED_ALIKE.keys()


@pytest.mark.parametrize("name", NAMED_ALIKE)
def test_the_page_reads_what_openapi_promises(name: str) -> None:
    promised = schemas()[NAMED_ALIKE[name]]
    properties = believed(MODULE)[name]
    assert properties.keys() <= promised["properties"].keys()


@pytest.mark.parametrize("name", sorted(NAMED_ALIKE.keys() - ASKED_AND_ANSWERED))
def test_the_page_relies_on_nothing_that_may_be_missing(name: str) -> None:
    promised = schemas()[NAMED_ALIKE[name]]
    always = {*promised.get("required", ()), *THERE_FOR_THE_PAGE.get(name, ())}
    assert {field for field, is_always in believed(MODULE)[name].items() if is_always} <= always
