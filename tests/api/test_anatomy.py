"""The anatomy of a step as it is sent."""

import re
from typing import Any

import pytest

from tests.service import Service

NETWORK: dict[str, Any] = {"kind": "network", "dataset": {"kind": "curve", "samples": 20}, "hidden": [3, 2]}


def anatomy(service: Service, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = service.start("network", problem=NETWORK).get("/anatomy", **query)
    return found


def flat(values: Any) -> list[float]:
    return [number for part in values for number in flat(part)] if isinstance(values, list) else [values]


@pytest.mark.parametrize("notation", ["folded", "apart"])
def test_whatever_an_equation_marks_is_a_quantity(service: Service, notation: str) -> None:
    found = anatomy(service, notation=notation)
    ids = {quantity["id"] for quantity in found["quantities"]}
    for quantity in found["quantities"]:
        marked = re.findall(r'class="q-([^"]+)"', quantity["equation"])
        assert marked[0] == quantity["id"]
        assert set(marked) <= ids
    assert [definition["latex"] for definition in found["definitions"]] == [r"f(z) = \sigma(z) = \frac{1}{1 + e^{-z}}"]
    assert found["definitions"][0]["mathml"].startswith("<math")


def test_fewer_digits_are_the_same_numbers_rounded(service: Service) -> None:
    exact, short = anatomy(service, entry="W1[0,0]"), anatomy(service, entry="W1[0,0]", digits=4)
    pairs = [
        (one["values"], other["values"]) for one, other in zip(exact["quantities"], short["quantities"], strict=True)
    ]
    pairs.append((exact["contributions"]["shares"], short["contributions"]["shares"]))
    for one, other in pairs:
        assert [float(f"{number:.4g}") for number in flat(one)] == pytest.approx(flat(other), rel=1e-12)


def test_digits_have_bounds(service: Service) -> None:
    problem = service.start("network", problem=NETWORK).refused("GET", "/anatomy?digits=0")
    assert problem["errors"][0]["where"] == "digits"
