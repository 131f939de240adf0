"""The paths of runs and known points, on a map and in space."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.look import DARK, LIGHT, LINES_IN_SPACE, Style, escaped, style_of
from app.figures.scale import LossScale
from app.texts import text

Array = NDArray[np.float64]
Json = dict[str, Any]

SYMBOLS = {"global": "x", "local": "x-open", "saddle": "diamond-open"}
TRUTH = "cross"
COLUMNS = ("step", "loss", "x", "y", "slice_loss")


@dataclass(frozen=True)
class Drawn:
    """A run as it is drawn; `points` are those of its path that have a place: COLUMNS (N,), NaN where unknown."""

    name: str
    style: Style
    points: dict[str, Array]

    @classmethod
    def of(cls, index: int, name: str, trajectory: Json) -> "Drawn":
        known = np.isfinite(trajectory["x"])
        return cls(escaped(name), style_of(index), {column: trajectory[column][known] for column in COLUMNS})

    @property
    def hover(self) -> Json:
        """Step and loss at each point."""
        told = np.stack([self.points["step"], self.points["loss"]], axis=1)
        words = f"{text('loss.axis_step')} %{{customdata[0]}}<br>{text('loss.axis_loss')} %{{customdata[1]:.4g}}"
        return {"customdata": told, "hovertemplate": f"{words}<extra>{self.name}</extra>"}


@dataclass(frozen=True)
class Known:
    """Points of one kind: their name, a symbol, coordinates and losses."""

    name: str
    symbol: str
    x: list[float]
    y: list[float]
    loss: list[float]


def on_map(runs: Sequence[Drawn]) -> list[Json]:
    """Casings under all of them, dark under light, so that they keep their contrast; then lines, starts and heads."""
    casings = [
        _line(run, {"color": color, "width": width}) | {"showlegend": False, "hoverinfo": "skip"}
        for color, width in ((DARK, 5.5), (LIGHT, 4.0))
        for run in runs
    ]
    lines = [
        _line(run, {"color": run.style.colour, "width": 2.25, "dash": run.style.dash}) | {"name": run.name} | run.hover
        for run in runs
    ]
    start = {"size": 11, "color": LIGHT, "line": {"color": DARK, "width": 2}}
    head = {"size": 14, "color": [run.style.colour for run in runs], "line": {"color": LIGHT, "width": 2}}
    return [*casings, *lines, _ends(runs, "stage.key_start", 0, start), _ends(runs, "stage.key_head", -1, head)]


def _line(run: Drawn, style: Json) -> Json:
    return {"type": "scatter", "mode": "lines", "x": run.points["x"], "y": run.points["y"], "line": style}


def _ends(runs: Sequence[Drawn], key: str, place: int, marker: Json) -> Json:
    at = {axis: [float(run.points[axis][place]) for run in runs] for axis in ("x", "y")}
    return {"type": "scatter", "mode": "markers", "name": text(key), "hoverinfo": "skip", "marker": marker, **at}


def in_space(run: Drawn, view: Json, scale: LossScale, ink: str) -> list[Json]:
    """At their true losses, with a line down from the head to the slice beneath it; what is outside is left out."""
    points, x, y = run.points, view["x"], view["y"]
    inside = (points["x"] >= x[0]) & (points["x"] <= x[-1]) & (points["y"] >= y[0]) & (points["y"] <= y[-1])
    places = {"x": points["x"][inside], "y": points["y"][inside], "z": scale.heights(points["loss"][inside])}
    dash = run.style.dash if run.style.dash in LINES_IN_SPACE else "solid"
    line = {"color": run.style.colour, "width": 6, "dash": dash}
    hover = {key: value[inside] if key == "customdata" else value for key, value in run.hover.items()}
    ends = {axis: values[[0, -1]] if len(values) else values for axis, values in places.items()}
    gap = {axis: values[[-1, -1]] if len(values) else values for axis, values in places.items()}
    if len(gap["z"]):
        gap["z"] = np.array([gap["z"][0], float(scale.heights(points["slice_loss"][inside][-1]))])
    marker = {"size": [4, 6], "color": [LIGHT, run.style.colour], "line": {"color": DARK, "width": 2}}
    drop = {"color": ink, "width": 2, "dash": "dot"}
    quiet = {"type": "scatter3d", "hoverinfo": "skip", "showlegend": False}
    return [
        {"type": "scatter3d", "mode": "lines", "name": run.name, "line": line, **places, **hover},
        {"mode": "markers", "marker": marker, **quiet, **ends},
        {"mode": "lines", "line": drop, **quiet, **gap},
    ]


def known_points(view: Json) -> list[Known]:
    """Minima and saddles, and what generated the data, as far as they lie in the window."""
    symbols = {text(f"figure.{kind}"): symbol for kind, symbol in SYMBOLS.items()} | {text("stage.key_truth"): TRUTH}
    places = [(text(f"figure.{mark['kind']}"), mark) for mark in view["landmarks"]]
    if view["truth"] is not None:
        places.append((text("stage.key_truth"), view["truth"] | {"loss": _nearest(view, view["truth"])}))
    found = []
    for name, symbol in symbols.items():
        inside = [place for kind, place in places if kind == name and _is_inside(view, place)]
        if inside:
            columns = ([float(place[axis]) for place in inside] for axis in ("x", "y", "loss"))
            found.append(Known(name, symbol, *columns))
    return found


def marks_on_map(known: Sequence[Known]) -> list[Json]:
    """With an edge that is seen on every colour."""
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": points.name,
            "x": points.x,
            "y": points.y,
            "marker": {"symbol": points.symbol, "size": 11, "color": DARK, "line": {"color": LIGHT, "width": 1.5}},
        }
        for points in known
    ]


def marks_in_space(known: Sequence[Known], scale: LossScale) -> list[Json]:
    """At their own losses."""
    return [
        {
            "type": "scatter3d",
            "mode": "markers",
            "name": points.name,
            "x": points.x,
            "y": points.y,
            "z": scale.heights(np.array(points.loss)),
            "marker": {"symbol": points.symbol, "size": 4, "color": DARK, "line": {"color": LIGHT, "width": 1}},
        }
        for points in known
    ]


def _is_inside(view: Json, place: Json) -> bool:
    x, y = view["x"], view["y"]
    return bool(x[0] <= place["x"] <= x[-1] and y[0] <= place["y"] <= y[-1])


def _nearest(view: Json, place: Json) -> float:
    """The loss of the cell next to a point."""
    row, column = (int(np.abs(view[axis] - place[axis]).argmin()) for axis in ("y", "x"))
    return float(view["loss"][row, column])
