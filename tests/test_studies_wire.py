"""What the page believes of the answers about studies, against what OpenAPI promises."""

import re
from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings
from app.texts import static_folder

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
TYPEDEF = re.compile(r"@typedef \{object\} (\w+).*?\*/", re.DOTALL)
PROPERTY = re.compile(r"@property \{.+\} (\w+)(?: |$)", re.MULTILINE)


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    found: dict[str, Any] = create_app(Settings()).openapi()["components"]["schemas"]
    return found


def believed() -> dict[str, set[str]]:
    source = (static_folder() / "js" / "studies" / "wire.js").read_text(encoding="utf-8")
    return {found[1]: set(PROPERTY.findall(found[0])) for found in TYPEDEF.finditer(source)}


def test_every_answer_has_a_type_of_its_own() -> None:
    assert believed().keys() == NAMED.keys()


@pytest.mark.parametrize("name", NAMED)
def test_the_page_reads_what_openapi_promises(name: str, schemas: dict[str, Any]) -> None:
    properties = believed()[name]
    assert properties
    assert properties <= set(schemas[NAMED[name]]["required"])
