"""Loss surfaces: which plane, which window, and the numbers over it."""

import base64
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.packed import rounded
from tests.api.naive import loss_and_gradients, matrices
from tests.service import Handle, Json, Service

MODELS: dict[str, tuple[Json, str, str]] = {
    "univariate_regression": ({}, "w", "b"),
    "multivariate_regression": ({}, "w[1]", "b"),
    "two_layer_linear": ({}, "W1[0,1]", "w2[1]"),
    "two_layer_sigmoid": ({"dataset": {"kind": "surface", "samples": 40}}, "W1[2,1]", "b1[3]"),
}


def moved(values: Json, address: str, value: float) -> Json:
    """The same values with one scalar at another place."""
    name, _, place = address.partition("[")
    result = {key: np.array(one, dtype=float) for key, one in values.items()}
    if place:
        index = tuple(int(number) for number in place.rstrip("]").split(","))
        flat = len(index) == 1
        (result[name].reshape(-1) if flat else result[name])[index[0] if flat else index] = value
    else:
        result[name] = np.array(value)
    return result


def true_loss(session: Handle, values: Json) -> float:
    data = session.get("/data")
    kind = session.get()["recipe"]["problem"]["kind"]
    return loss_and_gradients(kind, matrices(values), np.array(data["X"]), np.array(data["y"]))[0]


@pytest.mark.parametrize("center", ["current", "start"])
@pytest.mark.parametrize("kind", MODELS)
def test_each_cell_is_the_loss_there(service: Service, kind: str, center: str) -> None:
    problem, x, y = MODELS[kind]
    session = service.start(kind, problem=problem)
    session.step(15)
    surface = session.get("/surface", x=x, y=y, center=center, resolution=7)
    fixed = session.get("/parameters", **({} if center == "current" else {"step": 0}))["values"]
    loss = np.array(surface["loss"])
    span = loss.max() - loss.min()
    assert loss.shape == (7, 7)
    assert (surface["plane"]["x_label"], surface["plane"]["y_label"]) == (x, y)
    assert (surface["error_bound"], surface["clipped_at"]) == (0.0, None)
    for row, column in ((0, 0), (2, 5), (6, 6), (6, 0)):
        there = moved(moved(fixed, x, surface["x"][column]), y, surface["y"][row])
        assert loss[row, column] == pytest.approx(true_loss(session, there), abs=1e-12 * span)


def test_without_a_choice_it_is_the_plane_of_the_first_two_parameters(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    plane = session.get("/surface", resolution=2)["plane"]
    assert (plane["x_label"], plane["y_label"], plane["explained_variance"]) == ("W1[0,0]", "W1[1,0]", None)
    only_y = session.get("/surface", resolution=2, y="W1[0,0]")["plane"]
    assert (only_y["x_label"], only_y["y_label"]) == ("W1[1,0]", "W1[0,0]")


@pytest.mark.parametrize("kind", MODELS)
def test_the_default_window_holds_path_start_and_optimum(service: Service, kind: str) -> None:
    problem, x, y = MODELS[kind]
    session = service.start(kind, problem=problem, runs=[{}, {"batch_size": 5}])
    session.step(60)
    surface = session.get("/surface", x=x, y=y, resolution=5)
    for index in range(2):
        path = session.get("/trajectory", plane=surface["plane"]["id"])["runs"][index]["trajectory"]
        assert min(surface["x"]) < min(path["x"]) <= max(path["x"]) < max(surface["x"])
        assert min(surface["y"]) < min(path["y"]) <= max(path["y"]) < max(surface["y"])
    if surface["optimum"]:
        assert min(surface["x"]) < surface["optimum"]["x"] < max(surface["x"])
        assert min(surface["y"]) < surface["optimum"]["y"] < max(surface["y"])


def test_a_window_can_be_asked_for(service: Service) -> None:
    session = service.start()
    surface = session.get("/surface", x_min=-1, x_max=3, y_min=-2.5, y_max=0.5, resolution=5)
    assert surface["x"] == [-1.0, 0.0, 1.0, 2.0, 3.0]
    assert surface["y"] == [-2.5, -1.75, -1.0, -0.25, 0.5]


def least_squares(session: Handle) -> tuple[Any, float]:
    data = session.get("/data")
    X, y = np.array(data["X"]), np.array(data["y"])[0]
    solution, _, _, _ = np.linalg.lstsq(np.vstack([X, np.ones(len(y))]).T, y, rcond=None)
    return solution, float(np.mean((solution[:-1] @ X + solution[-1] - y) ** 2))


def test_optimum_and_truth_are_marked_and_differ(service: Service) -> None:
    session = service.start(problem={"dataset": {"slope": 1.5, "intercept": 0.25, "noise": 1.0}})
    surface = session.get("/surface")
    (w, b), loss = least_squares(session)
    assert surface["truth"] == {"x": 1.5, "y": 0.25, "off_plane": 0.0}
    optimum = surface["optimum"]
    assert (optimum["x"], optimum["y"]) == (pytest.approx(w, rel=1e-12), pytest.approx(b, rel=1e-12))
    assert (optimum["loss"], optimum["off_plane"]) == (pytest.approx(loss, rel=1e-12), 0.0)
    assert surface["minimum"] == {
        "x": pytest.approx(w, rel=1e-12),
        "y": pytest.approx(b, rel=1e-12),
        "loss": pytest.approx(loss, rel=1e-12),
        "exact": True,
    }


def test_optimum_and_truth_off_the_plane_say_how_far(service: Service) -> None:
    problem = {"dataset": {"features": 3, "coefficients": [1.0, 2.0, 3.0], "intercept": 4.0}}
    session = service.start("multivariate_regression", problem=problem, start={"kind": "zeros"})
    surface = session.get("/surface", x="w[0]", y="w[1]", center="start")
    assert surface["truth"] == {"x": 1.0, "y": 2.0, "off_plane": pytest.approx(5.0, rel=1e-14)}
    solution, loss = least_squares(session)
    optimum = surface["optimum"]
    assert [optimum["x"], optimum["y"]] == pytest.approx(solution[:2].tolist(), rel=1e-11)
    assert optimum["off_plane"] == pytest.approx(float(np.hypot(solution[2], solution[3])), rel=1e-11)
    assert optimum["loss"] == pytest.approx(loss, rel=1e-12)
    minimum = surface["minimum"]
    assert minimum["exact"]
    assert minimum["loss"] > optimum["loss"]
    at_optimum = session.get("/surface", x="w[0]", y="w[1]", center="optimum")
    assert at_optimum["optimum"]["off_plane"] == pytest.approx(0.0, abs=1e-12)
    assert at_optimum["minimum"]["loss"] == pytest.approx(loss, rel=1e-12)


def test_the_minimum_of_a_network_is_the_lowest_cell(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    surface = session.get("/surface", resolution=21)
    loss, minimum = np.array(surface["loss"]), surface["minimum"]
    row, column = np.unravel_index(int(loss.argmin()), loss.shape)
    assert minimum == {"x": surface["x"][column], "y": surface["y"][row], "loss": loss.min(), "exact": False}
    assert (surface["optimum"], surface["truth"]) == (None, None)
    assert session.refused("GET", "/surface", params={"center": "optimum"})["errors"][0]["where"] == "center"


def test_an_id_names_its_plane_for_good(service: Service) -> None:
    session = service.start("two_layer_sigmoid", problem={"dataset": {"kind": "surface"}})
    window = {"x_min": -1, "x_max": 1, "y_min": -1, "y_max": 1, "resolution": 5}
    first = session.get("/surface", x="b2", y="b1[0]", **window)
    session.step(20)
    moved_on = session.get("/surface", x="b2", y="b1[0]", **window)
    assert first["plane"]["id"] != moved_on["plane"]["id"]
    assert session.get("/surface", plane=first["plane"]["id"], **window) == first
    assert session.get("/surface", x="b2", y="b1[0]", step=0, **window) == first
    assert session.refused("GET", "/surface", 404, params={"plane": "0" * 24})["type"] == "urn:descent:unknown-plane"


def test_losses_can_be_rounded_to_significant_digits(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    exact = np.array(session.get("/surface")["loss"])
    for digits in (1, 4, 15):
        shown = np.array(session.get("/surface", digits=digits)["loss"])
        assert np.abs(shown / exact - 1).max() <= 5.01 * 10.0**-digits
        assert all(float(f"{value:.{digits - 1}e}") == value for value in shown.ravel())
    assert (np.array(session.get("/surface", digits=17)["loss"]) == exact).all()


@given(st.floats(1e-7, 1e7), st.integers(1, 15), st.sampled_from([1.0, -1.0]))
def test_rounded_numbers_have_no_more_digits_than_asked_for(size: float, digits: int, sign: float) -> None:
    value = sign * size
    (shown,) = rounded(np.array([value]), digits)
    assert float(f"{shown:.{digits - 1}e}") == shown
    assert abs(shown - value) <= 5.01 * 10.0**-digits * abs(value)


def test_zero_and_numbers_at_the_ends_of_the_range_can_be_rounded() -> None:
    ends = np.array([0.0, 5e-324, 1.234e-310, 1.7e308])
    with np.errstate(over="ignore"):
        shown = rounded(ends, 2)
    assert np.isfinite(shown).all()
    assert shown[0] == 0.0
    assert shown[3] == 1.7e308


def test_large_arrays_can_be_packed_and_are_the_same(service: Service) -> None:
    session = service.start()
    plain, packed = (session.get("/surface", resolution=65, arrays=form) for form in ("lists", "base64"))
    assert set(packed["loss"]) == {"dtype", "bdata", "shape"}
    assert (packed["loss"]["dtype"], packed["loss"]["shape"]) == ("f8", "65, 65")
    numbers = np.frombuffer(base64.b64decode(packed["loss"]["bdata"]), "<f8").reshape(65, 65)
    assert numbers.tolist() == plain["loss"]
    for axis in ("x", "y"):
        assert np.frombuffer(base64.b64decode(packed[axis]["bdata"]), "<f8").tolist() == plain[axis]
    small = session.get("/surface", resolution=8, arrays="base64")
    assert small == session.get("/surface", resolution=8)


def test_what_is_no_number_is_clipped_and_said_to_be(service: Service) -> None:
    session = service.start("two_layer_linear", start={"kind": "constant", "value": 1.0})
    wide = {"x_min": -1e12, "x_max": 1e12, "y_min": -1e12, "y_max": 1e12, "resolution": 5}
    surface = session.get("/surface", x="W1[0,0]", y="w2[0]", **wide)
    assert np.isfinite(surface["loss"]).all()
    far = service.start("univariate_regression", start={"values": {"w": 1e150, "b": 1e150}})
    shown = far.get("/surface", resolution=21)
    assert np.isfinite(shown["loss"]).all()
    if shown["clipped_at"] is not None:
        assert np.max(shown["loss"]) == shown["clipped_at"]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"x": "q"}, "x"),
        ({"y": "W1"}, "y"),
        ({"x": "W1[9,9]"}, "x"),
        ({"x": "W1[0,0]", "y": "W1[0,0]"}, "y"),
        ({"x": ""}, "x"),
        ({"x": "W1[0, 0]x"}, "x"),
        ({"x": "v" * 41}, "x"),
        ({"center": "middle"}, "center"),
        ({"arrays": "f4"}, "arrays"),
        ({"digits": "0"}, "digits"),
        ({"digits": "18"}, "digits"),
        ({"x_min": "0"}, "x_max"),
        ({"x_min": "0", "x_max": "1", "y_min": "0"}, "y_max"),
        ({"x_min": "1", "x_max": "1", "y_min": "0", "y_max": "1"}, "x_max"),
        ({"x_min": "0", "x_max": "1", "y_min": "2", "y_max": "1"}, "y_max"),
        ({"x_min": "nan", "x_max": "1", "y_min": "0", "y_max": "1"}, "x_min"),
        ({"x_min": "-inf", "x_max": "1", "y_min": "0", "y_max": "1"}, "x_min"),
        ({"x_min": "-1e999", "x_max": "1", "y_min": "0", "y_max": "1"}, "x_min"),
        ({"x_min": "-1e13", "x_max": "1", "y_min": "0", "y_max": "1"}, "x_min"),
        ({"plane": "x" * 41}, "plane"),
    ],
)
def test_a_wrong_query_is_refused(service: Service, query: Json, where: str) -> None:
    session = service.start("two_layer_sigmoid")
    assert session.refused("GET", "/surface", params=query)["errors"][0]["where"] == where
