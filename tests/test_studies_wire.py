"""What the page believes of the answers about studies, against what OpenAPI promises."""

import pytest

from tests.page_types import believed, schemas

NAMED = {
    "BasinsResult": "BasinsResult",
    "Extrapolation": "ExtrapolationShown",
    "Lap": "LapShown",
    "Minimum": "MinimumShown",
    "PlaneVectors": "VectorsShown",
    "RaceResult": "RaceResult",
    "Study": "StudyShown",
    "SweepResult": "SweepResult",
}
MODULE = "studies/wire.js"


def test_every_answer_has_a_type_of_its_own() -> None:
    assert believed(MODULE).keys() == NAMED.keys()


@pytest.mark.parametrize("name", NAMED)
def test_the_page_reads_what_openapi_promises(name: str) -> None:
    properties = believed(MODULE)[name]
    assert properties
    assert all(properties.values())
    assert properties.keys() <= set(schemas()[NAMED[name]]["required"])
