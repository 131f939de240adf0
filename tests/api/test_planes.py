"""Surfaces on every kind of plane, held against textbook equations, on networks that nobody has looked at before."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from tests.api.planes import expected, flat, loss_of, points_of, theta_at, unpacked
from tests.service import Handle, Json, Service

Array = NDArray[np.float64]
EPSILON = float(np.finfo(float).eps)
KINDS: list[Json] = [
    {},
    {"plane": "random", "seed": 5},
    {"plane": "random", "normalize": "filter"},
    {"plane": "random", "normalize": "layer", "center": "start"},
    {"plane": "pca"},
    {"plane": "points", "points": "start,current,second"},
]


@st.composite
def networks(draw: st.DrawFn) -> Json:
    """Recipes of small networks, whatever loss, activation, data and penalties."""
    rng, loss = np.random.default_rng(draw(st.integers(0, 99))), draw(st.sampled_from(sorted(LOSSES)))
    examples, features = draw(st.integers(3, 30)), draw(st.integers(2, 3))  # one weight alone spans no plane
    targets: NDArray[Any] = rng.standard_normal(examples)
    if LOSSES[loss].classes:
        classes = 2 if loss == "binary_cross_entropy" else draw(st.integers(2, 3))
        targets = np.arange(examples) % classes
    dataset = {"kind": "inline", "X": rng.standard_normal((features, examples)).tolist(), "y": targets.tolist()}
    problem = {
        "kind": "network",
        "dataset": dataset,
        "hidden": draw(st.lists(st.integers(1, 5), max_size=3)),
        "activation": draw(st.sampled_from(sorted(ACTIVATIONS.keys() - {"softmax"}))),
        "loss": loss,
        "l1": draw(st.sampled_from([0.0, 0.01])),
        "l2": draw(st.sampled_from([0.0, 0.02])),
    }
    start = {"kind": "normal", "scale": draw(st.sampled_from([0.3, 1.0]))}
    rate = {"optimizer": {"kind": "gradient_descent", "learning_rate": 0.02}}
    runs = [{"name": "first", **rate}, {"name": "second", **rate, "batch_size": 2}]
    return {"problem": problem, "start": start, "runs": runs, "seed": draw(st.integers(0, 99))}


def started(service: Service, recipe: Json, steps: int = 5) -> Handle:
    session = service.start(recipe["problem"]["kind"], **recipe)
    session.step(steps)
    return session


def spread(losses: Array) -> float:
    """What is allowed: 1e-12 of the range, and the last bits of the losses themselves."""
    return float(1e-12 * np.ptp(losses) + 8.0 * EPSILON * np.abs(losses).max())


@settings(max_examples=30)
@given(networks(), st.sampled_from(KINDS), st.data())
def test_each_cell_is_the_loss_there_on_any_plane_of_any_network(
    service: Service, recipe: Json, kind: Json, data: st.DataObject
) -> None:
    session = started(service, recipe)
    if not kind:
        parameters = session.get()["runs"][0]["parameters"]
        names = addresses(session)
        assert len(names) == len(parameters)
        x, y = data.draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
        kind = {"x": x, "y": y}
    surface = session.get("/surface", resolution=5, **kind)
    plane = session.get("/plane", plane=surface["plane"]["id"])
    losses = expected(loss_of(session), plane, surface["x"], surface["y"])
    if surface["clipped_at"] is None:
        assert np.abs(np.array(surface["loss"]) - losses).max() <= spread(losses)


def addresses(session: Handle) -> list[str]:
    """Of all scalars, written as matrices and columns are."""
    found = []
    for parameter in session.get()["parameters"]:
        name, shape = parameter["name"], parameter["shape"]
        found += [name + "".join(f"[{','.join(map(str, index))}]" if shape else "") for index in np.ndindex(*shape)]
    return found


@settings(max_examples=12)
@given(networks(), st.sampled_from(KINDS[1:]), st.sampled_from([1e-2, 1e-4, 1e-6]))
def test_an_interpolated_surface_is_as_near_as_it_says(
    service: Service, recipe: Json, kind: Json, tolerance: float
) -> None:
    session = started(service, recipe)
    surface = session.get("/surface", resolution=101, tolerance=tolerance, **kind)
    assert surface["error_bound"] <= tolerance
    loss, plane = loss_of(session), session.get("/plane", plane=surface["plane"]["id"])
    rng, shown = np.random.default_rng(0), np.array(surface["loss"])
    rows, columns = rng.integers(0, 101, (2, 300))
    x, y = np.array(surface["x"])[columns], np.array(surface["y"])[rows]
    true = np.array([loss(theta) for theta in points_of(plane, x, y)])
    allowed = surface["error_bound"] * np.ptp(shown) + spread(true)
    assert np.abs(shown[rows, columns] - true).max() <= allowed


def test_smooth_networks_are_interpolated_and_said_to_be(service: Service) -> None:
    session = service.start("two_layer_sigmoid", problem={"dataset": {"kind": "surface"}})
    session.step(20)
    exact, near = (session.get("/surface", plane="pca", resolution=121, tolerance=t) for t in (0, 1e-4))
    assert exact["error_bound"] == 0.0 < near["error_bound"] <= 1e-4
    difference = np.abs(np.array(exact["loss"]) - np.array(near["loss"])).max()
    assert 0.0 < difference <= near["error_bound"] * np.ptp(exact["loss"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_path_on_any_plane_is_where_its_points_are(service: Service, kind: Json) -> None:
    """θ = θ₀ + x d₁ + y d₂ + what is left, at right angles to the plane and as long as `off_plane` says."""
    runs = [{"name": "first"}, {"name": "second", "batch_size": 10}]
    session = service.start("two_layer_sigmoid", problem={"dataset": {"kind": "surface", "samples": 40}}, runs=runs)
    session.step(12)
    plane = session.get("/plane", **kind)
    path = session.get("/trajectory", plane=plane["id"])["runs"][1]["trajectory"]
    loss, beneath = loss_of(session), points_of(plane, path["x"], path["y"])
    for k in (0, 1, 7, 12):
        theta = theta_at(session, run="second", step=k)
        rest = theta - beneath[k]
        for direction in (plane["d1"], plane["d2"]):
            assert rest @ np.array(direction) == pytest.approx(0.0, abs=1e-12 * float(np.linalg.norm(direction)))
        assert path["off_plane"][k] == pytest.approx(np.linalg.norm(rest), rel=1e-10, abs=1e-14)
        assert path["loss"][k] == pytest.approx(loss(theta), rel=1e-12)
        assert path["slice_loss"][k] == pytest.approx(loss(beneath[k]), rel=1e-11)
    newest = session.step(1, plane=plane["id"])["runs"][1]["trajectory"]
    whole = session.get("/trajectory", plane=plane["id"])["runs"][1]["trajectory"]
    assert {name: newest[name] for name in ("x", "y", "off_plane")} == {
        name: whole[name][13:] for name in ("x", "y", "off_plane")
    }


def test_principal_components_are_those_of_a_singular_value_decomposition(service: Service) -> None:
    session = service.start("two_layer_linear", runs=[{"name": "one"}, {"name": "two", "batch_size": 5}])
    session.step(25)
    plane = session.get("/plane", plane="pca", run="two", center="start")
    path = np.array([theta_at(session, run="two", step=k) for k in range(26)])
    _, sizes, components = np.linalg.svd(path - path.mean(axis=0))
    for name, component in zip(("d1", "d2"), components, strict=False):
        assert abs(np.array(plane[name]) @ component) == pytest.approx(1.0, rel=1e-12)
    variances = sizes**2 / (sizes**2).sum()
    assert plane["explained_variance"] == pytest.approx(variances[:2].tolist(), rel=1e-10)
    assert plane["origin"] == theta_at(session, run="two", step=0).tolist()
    earlier = session.get("/plane", plane="pca", run="two", center="start", step=9)
    _, _, components = np.linalg.svd(path[:10] - path[:10].mean(axis=0))
    assert abs(np.array(earlier["d1"]) @ components[0]) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("steps", [0, 1])
def test_a_path_of_few_points_has_no_principal_components(service: Service, steps: int) -> None:
    session = service.start("two_layer_sigmoid")
    if steps:
        session.step(steps)
    (error,) = session.refused("GET", "/surface", params={"plane": "pca"})["errors"]
    assert error["where"] == "plane"
    assert "steps" in error["problem"]


def plain_li(values: Json, draws: Array, shapes: list[Json], normalize: str) -> Array:
    """Li et al. 2018, loss-landscape/net_plotter.py: normalize_directions_for_weights, with biases ignored."""
    direction = unpacked(shapes, draws)
    for name, w in values.items():
        d, weights = np.atleast_2d(direction[name]), np.atleast_2d(np.array(w))
        if name.startswith("b"):
            d[...] = 0.0
        elif normalize == "filter":
            for row in range(len(d)):
                d[row] *= np.linalg.norm(weights[row]) / np.linalg.norm(d[row])
        else:
            d *= np.linalg.norm(weights) / np.linalg.norm(d)
        direction[name] = d
    return flat(direction)


@pytest.mark.parametrize("normalize", ["filter", "layer"])
@pytest.mark.parametrize("hidden", [[], [4], [3, 2]])
def test_random_directions_are_those_of_li_and_others(service: Service, normalize: str, hidden: list[int]) -> None:
    problem = {"hidden": hidden, "dataset": {"kind": "surface", "samples": 10}}
    session = service.start("network", problem=problem, start={"kind": "normal", "scale": 1.0})
    session.step(3)
    plane = session.get("/plane", plane="random", normalize=normalize, seed=11)
    values, shapes = session.get("/parameters")["values"], session.get()["parameters"]
    draws = np.random.default_rng([11, 5, 0]).standard_normal((2, len(plane["origin"])))
    for name, draw in zip(("d1", "d2"), draws, strict=True):
        np.testing.assert_allclose(plane[name], plain_li(values, draw.copy(), shapes, normalize), rtol=1e-12)
    raw = session.get("/plane", plane="random", seed=11)
    assert [raw["d1"], raw["d2"]] == draws.tolist()
    assert raw["origin"] == plane["origin"] == flat(values).tolist()


def test_a_plane_through_three_points_holds_them(service: Service) -> None:
    runs = [{"name": "a,b@3"}, {"name": "slow", "optimizer": {"learning_rate": 0.001}}]
    session = service.start("two_layer_sigmoid", runs=runs)
    session.step(20)
    plane = session.get("/surface", plane="points", points="slow@5, a,b@3@7 ,current", run="slow", resolution=2)[
        "plane"
    ]
    assert (plane["x_label"], plane["y_label"]) == ("slow@5 → a,b@3@7", "towards current")
    vectors = session.get("/plane", plane=plane["id"])
    three = [theta_at(session, run="slow", step=5), theta_at(session, step=7), theta_at(session, run="slow")]
    origin, d1, d2 = (np.array(vectors[name]) for name in ("origin", "d1", "d2"))
    assert (np.linalg.norm(d1), np.linalg.norm(d2), d1 @ d2) == pytest.approx((1.0, 1.0, 0.0), abs=1e-12)
    for theta in three:
        rest = theta - origin
        np.testing.assert_allclose(rest - (rest @ d1) * d1 - (rest @ d2) * d2, 0.0, atol=1e-12)
    (path,) = [run["trajectory"] for run in session.get("/trajectory", plane=plane["id"])["runs"][1:]]
    assert [path["x"][5], path["y"][5], path["off_plane"][5]] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert path["off_plane"][20] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("start,current", "3 points"),
        ("start,current,optimum", "not known"),
        ("start,current,truth", "not known"),
        ("start,start,current", "the same"),
        ("start,current,nobody@3", "run 1@4"),
        ("start,current,run 1@5", "lies ahead"),
        ("start,current,run 1@99999999999999999", "3 points"),
        ("start,current,run 1@-1", "3 points"),
        (",,", "3 points"),
        ("start,current,\x00", "3 points"),
    ],
)
def test_points_that_make_no_plane_are_refused_with_the_reason(service: Service, points: str, words: str) -> None:
    session = service.start("two_layer_sigmoid")
    session.step(4)
    (error,) = session.refused("GET", "/surface", params={"plane": "points", "points": points})["errors"]
    assert error["where"] == "points"
    assert words in error["problem"]


def test_a_line_has_the_losses_between_its_ends(service: Service) -> None:
    session = service.start("two_layer_sigmoid", problem={"dataset": {"kind": "surface", "samples": 30}})
    session.step(15)
    line = session.get("/line", **{"from": "run 1@2"}, to="current", samples=31)
    start, end, loss = theta_at(session, step=2), theta_at(session), loss_of(session)
    assert line["t"] == np.linspace(0.0, 1.0, 31).tolist()
    true = np.array([loss((1 - t) * start + t * end) for t in line["t"]])
    assert np.abs(np.array(line["loss"]) - true).max() <= spread(true)
    assert line["distance"] == pytest.approx(np.linalg.norm(end - start), rel=1e-13)
    assert line["clipped_at"] is None
    earlier = session.get("/line", step=9, samples=3)["loss"]
    assert earlier[0] == pytest.approx(loss(theta_at(session, step=0)), rel=1e-12)
    assert earlier[2] == pytest.approx(loss(theta_at(session, step=9)), rel=1e-12)
    assert len(set(session.get("/line", to="start")["loss"])) == 1


def test_a_line_leads_to_the_optimum_where_that_is_known(service: Service) -> None:
    session = service.start()
    line = session.get("/line", to="optimum")
    assert line["loss"][0] == pytest.approx(session.get()["runs"][0]["loss"], rel=1e-12)
    assert line["loss"][-1] == min(line["loss"]) == pytest.approx(session.get("/surface")["optimum"]["loss"], rel=1e-12)


@pytest.mark.parametrize("kind", [*KINDS, {"x": "w2[1]", "y": "W1[0,0]"}])
def test_arrows_point_down_the_slice(service: Service, kind: Json) -> None:
    session = service.start("two_layer_sigmoid", runs=[{"name": "first"}, {"name": "second", "batch_size": 10}])
    session.step(10)
    field = session.get("/field", resolution=4, **kind)
    plane, loss, h = session.get("/plane", plane=field["plane"]["id"]), loss_of(session), 1e-5
    d1, d2 = np.array(plane["d1"]), np.array(plane["d2"])
    for row, column in ((0, 0), (2, 1), (3, 3)):
        (theta,) = points_of(plane, [field["x"][column]], [field["y"][row]])
        arrow = field["u"][row][column] * d1 + field["v"][row][column] * d2
        for direction in (d1, d2):
            slope = (loss(theta + h * direction) - loss(theta - h * direction)) / (2 * h)
            assert -(arrow @ direction) == pytest.approx(slope, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("swapped", [False, True])
def test_known_minima_and_saddles_of_a_function_are_marked(service: Service, swapped: bool) -> None:
    session = service.start("function", problem={"name": "two_wells"})
    surface = session.get("/surface", **({"x": "y", "y": "x"} if swapped else {}))
    marks = surface["landmarks"]
    assert [mark["kind"] for mark in marks] == ["global", "local", "saddle"]
    places = {mark["kind"]: (mark["y"], mark["x"]) if swapped else (mark["x"], mark["y"]) for mark in marks}
    assert places["global"] == pytest.approx((-0.93630063401091863, 0.0))
    assert places["saddle"] == pytest.approx((0.068602436708096566, 0.0))
    losses = {mark["kind"]: mark["loss"] for mark in marks}
    assert losses["local"] == pytest.approx(-1.0927319992017409)
    assert {mark["off_plane"] for mark in marks} == {0.0}


def test_marks_stand_where_they_are_on_other_planes_too(service: Service) -> None:
    session = service.start("function", problem={"name": "himmelblau"})
    surface = session.get("/surface", plane="random")
    plane = session.get("/plane", plane=surface["plane"]["id"])
    places = [points_of(plane, [mark["x"]], [mark["y"]])[0] for mark in surface["landmarks"]]
    assert min(np.hypot(x - 3.0, y - 2.0) for x, y in places) < 1e-12
    assert max(mark["off_plane"] for mark in surface["landmarks"]) < 1e-12


def test_the_least_squares_optimum_is_the_one_minimum_of_a_linear_model(service: Service) -> None:
    surface = service.start("multivariate_regression").get("/surface")
    (mark,) = surface["landmarks"]
    assert mark == surface["optimum"] | {"kind": "global"}
    assert service.start("two_layer_sigmoid").get("/surface", resolution=2)["landmarks"] == []


@pytest.mark.parametrize(
    ("call", "query", "where"),
    [
        ("/surface", {"plane": "random", "normalize": "layers"}, "normalize"),
        ("/surface", {"plane": "random", "seed": "-1"}, "seed"),
        ("/surface", {"plane": "random", "seed": "1.5"}, "seed"),
        ("/surface", {"tolerance": "-1"}, "tolerance"),
        ("/surface", {"tolerance": "0.5"}, "tolerance"),
        ("/surface", {"tolerance": "nan"}, "tolerance"),
        ("/surface", {"points": ""}, "points"),
        ("/surface", {"points": "x" * 201}, "points"),
        ("/surface", {"samples": "3"}, "samples"),
        ("/field", {"resolution": "202"}, "resolution"),
        ("/field", {"tolerance": "0"}, "tolerance"),
        ("/line", {"from": ""}, "from"),
        ("/line", {"from": "nobody"}, "from"),
        ("/line", {"to": "start,current"}, "to"),
        ("/line", {"to": "optimum"}, "to"),
        ("/line", {"to": "run 1@7"}, "to"),
        ("/line", {"samples": "1"}, "samples"),
        ("/line", {"samples": "2002"}, "samples"),
        ("/line", {"from_": "start"}, "from_"),
        ("/line", {"plane": "pca"}, "plane"),
        ("/line", {"digits": "0"}, "digits"),
        ("/plane", {"x_min": "0"}, "x_min"),
        ("/plane", {"resolution": "3"}, "resolution"),
    ],
)
def test_a_wrong_query_about_planes_is_refused(service: Service, call: str, query: Json, where: str) -> None:
    session = service.start("two_layer_sigmoid")
    assert session.refused("GET", call, params=query)["errors"][0]["where"] == where


def test_a_function_has_no_layers_to_normalize_by(service: Service) -> None:
    session = service.start("function", problem={"name": "booth"})
    query = {"plane": "random", "normalize": "filter"}
    assert session.refused("GET", "/surface", params=query)["errors"][0]["where"] == "normalize"


JUNK = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        ["start", "pca", "points", "random", "optimum", "run 1@2", "w", "b", "1e400", "null", "true", "[]"]
    ),
)
NAMES = ["plane", "x", "y", "seed", "normalize", "points", "center", "run", "step", "resolution", "tolerance", "digits"]
OTHERS = ["arrays", "x_min", "x_max", "y_min", "y_max", "from", "to", "samples", "unknown"]


@settings(max_examples=150)
@given(st.sampled_from(["/surface", "/field", "/line", "/plane"]), st.data())
def test_whatever_stands_in_a_query_the_answer_is_one_of_ours(service: Service, call: str, data: st.DataObject) -> None:
    query: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(NAMES + OTHERS), JUNK, max_size=4))
    session = line_fit(service)
    reply = service.call("GET", session.path + call, params=query)
    assert reply.status_code in {200, 404, 422}


def line_fit(service: Service) -> Handle:
    """One for all tries."""
    if "line fit" not in STARTED:
        STARTED["line fit"] = service.start()
        STARTED["line fit"].step(3)
    return STARTED["line fit"]


STARTED: dict[str, Handle] = {}
