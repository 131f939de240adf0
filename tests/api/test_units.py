"""What each unit makes of the inputs, against the equations of the texts."""

import numpy as np
import pytest

from tests.api.naive import matrices
from tests.service import Service


def sigmoid(Z: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return 1 / (1 + np.exp(-Z))


def test_along_one_feature_a_unit_is_a_curve(service: Service) -> None:
    session = service.start("two_layer_sigmoid", problem={"hidden": 3})
    session.step(5)
    W1, b1, w2, b2 = matrices(session.get("/parameters")["values"]).values()
    found = session.get("/units", resolution=7)
    A = sigmoid(W1 @ np.array([found["x"]]) + b1)
    assert (found["widths"], found["y"], len(found["x"])) == ([3, 1], None, 7)
    np.testing.assert_allclose(found["layers"][0], A, rtol=1e-12)
    np.testing.assert_allclose(found["layers"][1], w2 @ A + b2, rtol=1e-12)


def test_over_two_features_it_has_a_row_for_each_y(service: Service) -> None:
    dataset = {"kind": "moons", "samples": 30, "standardize": True}
    problem = {"dataset": dataset, "hidden": [2, 2], "activation": "sigmoid", "loss": "binary_cross_entropy"}
    session = service.start("network", problem=problem)
    W1, b1, W2, b2, *_ = matrices(session.get("/parameters")["values"]).values()
    found, scaling = session.get("/units", resolution=4), session.get("/data")["scaling"]
    mean, deviation = (np.array(scaling[name])[:, None] for name in ("mean", "deviation"))
    for row, y in enumerate(found["y"]):
        for column, x in enumerate(found["x"]):
            A = sigmoid(W1 @ ((np.array([[x], [y]]) - mean) / deviation) + b1)
            np.testing.assert_allclose([unit[row][column] for unit in found["layers"][0]], A[:, 0], rtol=1e-11)
            second = [unit[row][column] for unit in found["layers"][1]]
            np.testing.assert_allclose(second, sigmoid(W2 @ A + b2)[:, 0], rtol=1e-11)
    prediction = session.get("/predictions", resolution=4)
    np.testing.assert_allclose(found["layers"][2], prediction["z"])


def test_an_earlier_step_has_the_units_of_then(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    before = session.get("/units")
    session.step(20)
    assert session.get("/units", step=0) == before
    assert session.get("/units")["layers"] != before["layers"]


def test_a_wide_layer_shows_its_first_units_in_fewer_points(service: Service) -> None:
    problem = {"dataset": {"kind": "moons", "samples": 4}, "hidden": [1000, 4], "loss": "binary_cross_entropy"}
    found = service.start("network", problem=problem).get("/units", resolution=61, digits=3)
    assert found["widths"] == [1000, 4, 1]
    assert len(found["layers"][0]) == 32
    assert len(found["x"]) == 31
    assert all(float(f"{number:.3g}") == pytest.approx(number) for number in found["layers"][0][0][0])


@pytest.mark.parametrize(
    ("kind", "problem", "words"),
    [
        ("function", {}, "has no data"),
        ("network", {"dataset": {"kind": "iris"}, "loss": "softmax_cross_entropy"}, "these data have 4"),
    ],
)
def test_units_that_cannot_be_drawn_are_not_found(
    service: Service, kind: str, problem: dict[str, object], words: str
) -> None:
    problem_document = service.start(kind, problem=problem).refused("GET", "/units", 404)
    assert words in problem_document["detail"]
