"""Figures: plotly.py takes them, and they show the numbers that the other calls give."""

import json
from base64 import b64decode
from typing import Any

import numpy as np
import plotly.io
import pytest
from numpy.typing import NDArray

from app.figures.look import PALETTES, STYLES
from tests.service import Handle, Json, Service

Array = NDArray[np.float64]
PROBLEMS: dict[str, Json] = {
    "line": {"problem": {"kind": "univariate_regression"}},
    "plane": {"problem": {"kind": "multivariate_regression"}},
    "five features": {"problem": {"kind": "multivariate_regression", "dataset": {"kind": "plane", "features": 5}}},
    "test examples": {
        "problem": {"kind": "two_layer_sigmoid", "dataset": {"kind": "surface", "samples": 60, "test_fraction": 0.3}}
    },
    "two classes": {
        "problem": {
            "kind": "network",
            "dataset": {"kind": "moons", "samples": 40},
            "loss": "binary_cross_entropy",
        }
    },
    "three classes": {"problem": {"kind": "network", "dataset": {"kind": "iris"}, "loss": "softmax_cross_entropy"}},
    "curve": {"problem": {"kind": "network", "dataset": {"kind": "curve"}}},
}


def figure(session: Handle, kind: str, **query: Any) -> Any:
    """As a notebook takes it; plotly.py refuses what is none of its own."""
    answer = session.get(f"/figures/{kind}", **query)
    assert set(answer) == {"data", "layout"}
    return plotly.io.from_json(json.dumps(answer), skip_invalid=False)


def numbers(value: Any) -> Array:
    """What stands in a trace, packed or not."""
    if isinstance(value, dict):
        flat = np.frombuffer(b64decode(value["bdata"]), value["dtype"])
        return np.array(flat.reshape([int(side) for side in value.get("shape", str(len(flat))).split(",")]), float)
    return np.array(value, float)


def named(figure: Any, name: str) -> list[Any]:
    return [trace for trace in figure.data if trace.name == name]


@pytest.fixture(scope="module")
def race(service: Service) -> Handle:
    runs = [{"name": "plain <b>GD</b>"}, {"name": "ball", "optimizer": {"kind": "momentum", "learning_rate": 0.05}}]
    session = service.start(problem={"dataset": {"noise": 1.0}}, runs=runs)
    session.step(30)
    return session


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("kind", ["contour", "surface", "loss", "fit"])
def test_plotly_takes_every_figure_of_every_problem(service: Service, name: str, kind: str) -> None:
    session = service.start(PROBLEMS[name]["problem"]["kind"], **PROBLEMS[name])
    session.step(5)
    drawn = figure(session, kind)
    assert len(drawn.data) >= 1
    assert drawn.layout.title.text
    assert drawn.layout.template.layout.paper_bgcolor == PALETTES["light"].paper
    axes = (drawn.layout.scene.xaxis, drawn.layout.scene.yaxis) if kind == "surface" else (drawn.layout.xaxis,)
    assert all(axis.title.text for axis in axes)


@pytest.mark.parametrize("kind", ["contour", "surface"])
@pytest.mark.parametrize("scale", ["log", "linear"])
def test_heights_are_the_losses_of_the_surface(race: Handle, kind: str, scale: str) -> None:
    base = figure(race, kind, scale=scale, resolution=9).data[0]
    surface = race.get("/surface", resolution=9)
    assert base.type == kind
    assert np.array_equal(numbers(base.customdata), surface["loss"])
    heights = np.log10(surface["loss"]) if scale == "log" else np.array(surface["loss"])
    np.testing.assert_allclose(numbers(base.z), heights, rtol=1e-12, atol=1e-12)
    assert np.array_equal(numbers(base.x), surface["x"])
    assert np.array_equal(numbers(base.y), surface["y"])


def test_paths_stand_where_they_are_with_start_optimum_and_truth(race: Handle) -> None:
    drawn, surface = figure(race, "contour"), race.get("/surface")
    for index, run in enumerate(race.get("/trajectory")["runs"]):
        (line,) = named(drawn, run["name"].replace("<", "&lt;").replace(">", "&gt;"))
        assert numbers(line.x).tolist() == run["trajectory"]["x"]
        assert numbers(line.y).tolist() == run["trajectory"]["y"]
        assert (line.line.color, line.line.dash) == (STYLES[index].colour, STYLES[index].dash)
    (start,), (optimum,), (truth,) = (named(drawn, name) for name in ("start", "minimum", "what generated the data"))
    assert (start.x[0], start.y[0]) == (-2.0, 3.0)
    assert (optimum.x[0], optimum.y[0]) == (surface["optimum"]["x"], surface["optimum"]["y"])
    assert (truth.x[0], truth.y[0]) == (surface["truth"]["x"], surface["truth"]["y"])


def test_a_path_in_space_is_at_its_true_loss_and_a_line_falls_to_the_slice(service: Service) -> None:
    session = service.start("two_layer_sigmoid", problem={"dataset": {"kind": "surface", "samples": 40}})
    session.step(20)
    query = {"plane": "random", "center": "start"}
    drawn = figure(session, "surface", scale="linear", **query)
    plane = session.get("/surface", **query)["plane"]
    (run,) = session.get("/trajectory", plane=plane["id"])["runs"]
    path = run["trajectory"]
    (line,) = named(drawn, "run 1")
    assert numbers(line.z).tolist() == path["loss"]
    gap = drawn.data[-1]
    assert numbers(gap.z).tolist() == [path["loss"][-1], path["slice_loss"][-1]]
    assert numbers(gap.x).tolist() == [path["x"][-1]] * 2


def test_principal_components_tell_their_share_of_the_variance(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    session.step(20)
    shares = session.get("/surface", plane="pca")["plane"]["explained_variance"]
    layout = figure(session, "contour", plane="pca", tolerance=1e-2).layout
    assert f"({100 * shares[0]:.3g} %)" in layout.xaxis.title.text
    assert "logarithmic" in layout.title.subtitle.text
    assert "off by at most" in layout.title.subtitle.text


def test_what_is_clipped_is_said(service: Service) -> None:
    session = service.start("expression", problem={"expression": "exp(x) + y^2"})
    query = {"x_min": 0, "x_max": 100, "y_min": 0, "y_max": 1}
    assert "1e12" in figure(session, "contour", **query).layout.title.subtitle.text


def test_minima_and_saddles_of_functions_have_signs_of_their_own(service: Service) -> None:
    drawn = figure(service.start("function", problem={"name": "two_wells"}), "contour")
    signs = {name: named(drawn, name)[0].marker.symbol for name in ("minimum", "local minimum", "saddle")}
    assert len(set(signs.values())) == 3


def test_the_loss_curve_is_that_of_the_path(race: Handle) -> None:
    drawn = figure(race, "loss", scale="log")
    assert [numbers(line.y).tolist() for line in drawn.data] == [
        run["trajectory"]["loss"] for run in race.get("/trajectory")["runs"]
    ]
    assert drawn.layout.yaxis.type == "log"
    assert [line.name for line in figure(race, "loss", run="ball").data] == ["ball"]
    assert len(numbers(figure(race, "loss", step=7).data[0].x)) == 8


def test_the_fit_shows_data_curves_and_truth(race: Handle) -> None:
    drawn, data = figure(race, "fit"), race.get("/data")
    (points,), (ball,), (truth,) = (named(drawn, name) for name in ("training", "ball", "what generated the data"))
    assert numbers(points.x).tolist() == data["X"][0]
    assert numbers(points.y).tolist() == data["y"][0]
    predicted = race.get("/predictions", run="ball", resolution=101)
    assert numbers(ball.y).tolist() == predicted["y"]
    x = numbers(truth.x)
    np.testing.assert_allclose(numbers(truth.y), data["truth"]["w"] * x + data["truth"]["b"])


def test_classes_of_many_features_are_counted(service: Service) -> None:
    session = service.start("network", **PROBLEMS["three classes"])
    session.step(30)
    (bubbles,) = figure(session, "fit").data
    confusion = np.array(session.get("/predictions")["classification"]["train"]["confusion"])
    assert sum(int(count) for count in bubbles.text) == confusion.sum()
    places = zip(numbers(bubbles.x).astype(int).tolist(), numbers(bubbles.y).astype(int).tolist(), strict=True)
    counts = dict(zip(places, map(int, bubbles.text), strict=True))
    assert counts == {(i, j): confusion[i, j] for i in range(3) for j in range(3) if confusion[i, j]}


def test_a_figure_has_the_size_and_theme_that_are_asked_for(race: Handle) -> None:
    drawn = figure(race, "contour", theme="dark", width=700, height=500)
    assert (drawn.layout.width, drawn.layout.height) == (700, 500)
    assert drawn.layout.template.layout.paper_bgcolor == PALETTES["dark"].paper
    assert figure(race, "loss").layout.width is None


def test_a_function_has_no_fit_to_draw(service: Service) -> None:
    session = service.start("function", problem={"name": "booth"})
    assert session.refused("GET", "/figures/fit", 404)["type"] == "urn:descent:not-found"
    assert session.refused("GET", "/figures/nothing", 404)["type"] == "urn:descent:not-found"


@pytest.mark.parametrize(
    ("kind", "query", "where"),
    [
        ("contour", {"theme": "sepia"}, "theme"),
        ("contour", {"scale": "square"}, "scale"),
        ("contour", {"width": "99"}, "width"),
        ("contour", {"height": "4001"}, "height"),
        ("surface", {"resolution": "1"}, "resolution"),
        ("surface", {"plane": "pca"}, "plane"),
        ("loss", {"run": "nobody"}, "run"),
        ("loss", {"plane": "pca"}, "plane"),
        ("fit", {"scale": "log"}, "scale"),
        ("fit", {"step": "1"}, "step"),
    ],
)
def test_a_wrong_query_of_a_figure_is_refused(service: Service, kind: str, query: Json, where: str) -> None:
    session = service.start()
    assert session.refused("GET", f"/figures/{kind}", params=query)["errors"][0]["where"] == where
