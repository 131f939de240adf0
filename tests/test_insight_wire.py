"""What the page believes of the answers about the inside of a step, against what OpenAPI promises."""

import pytest

from tests.page_types import believed, schemas

NAMED = {
    "Anatomy": "AnatomyShown",
    "CheckedParameter": "CheckedParameter",
    "Classification": "ClassificationShown",
    "Contributions": "ContributionsShown",
    "Cost": "EvaluationsShown",
    "Diagnosis": "DiagnosisShown",
    "GradientCheck": "GradientCheckShown",
    "Quantity": "QuantityShown",
    "Units": "UnitsShown",
}
MODULE = "insight/wire.js"


def test_every_answer_has_a_type_of_its_own() -> None:
    assert believed(MODULE).keys() == NAMED.keys()


@pytest.mark.parametrize("name", NAMED)
def test_the_page_reads_what_openapi_promises(name: str) -> None:
    promised, properties = schemas()[NAMED[name]], believed(MODULE)[name]
    assert properties
    assert properties.keys() <= promised["properties"].keys()
    assert {field for field, always in properties.items() if always} <= set(promised["required"])
