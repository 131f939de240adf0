"""The loss against steps, and the model in data space."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.look import COLOUR_SCALE, DARK, Frame, escaped, style_of
from app.figures.scale import ScaleKind
from app.texts import text

Array = NDArray[np.float64]
Json = dict[str, Any]
Figure = tuple[list[Json], Json]
"""Traces and layout."""

Side = tuple[str, Sequence[float] | Array]
"""What stands along an axis, and from where to where."""

MARGIN = {"l": 60, "r": 20, "t": 60, "b": 50}
MOST_EXAMPLES = 1000
"""Drawn; of more every k-th."""

MARGIN_OF_DATA = 0.06
BUBBLE = 44


def loss(trajectories: Mapping[str, Json], kind: ScaleKind, frame: Frame) -> Figure:
    """A line a run, by name."""
    traces = []
    for index, (name, path) in enumerate(trajectories.items()):
        style = style_of(index)
        line = {"color": style.colour, "width": 2, "dash": style.dash}
        told = f"%{{y:.4g}}<extra>{escaped(name)}</extra>"
        curve = {"x": path["step"], "y": path["loss"], "name": escaped(name), "line": line, "hovertemplate": told}
        traces.append({"type": "scatter", "mode": "lines", "showlegend": True} | curve)
    rangemode = "tozero" if kind == "linear" else "normal"
    axes = {
        "xaxis": {"title": {"text": text("loss.axis_step")}},
        "yaxis": {"title": {"text": text("loss.axis_loss")}, "type": kind, "rangemode": rangemode},
    }
    return traces, frame.layout(text("loss.title"), {"margin": MARGIN, "hovermode": "x", **axes})


def fit(data: Json, predictions: Mapping[str, Json], frame: Frame) -> Figure:
    """Of one feature curves over the points; of two the first run's answers over the plane; of more, against what is.

    `data` and the predictions of each run are those that clients get, with arrays.
    """
    kinds = {1: _over_one_feature, 2: _over_two_features}
    if len(data["X"]) > 2 and data["classes"]:
        return _class_against_class(data, predictions, frame)
    return kinds.get(len(data["X"]), _observed_against_predicted)(data, predictions, frame)


def _over_one_feature(data: Json, predictions: Mapping[str, Json], frame: Frame) -> Figure:
    x, y = data["X"][0], data["y"][0]
    curves = [
        _line(name, view["x"], np.atleast_2d(view["y"])[0], index)
        for index, (name, view) in enumerate(predictions.items())
    ]
    across, up = _extent(x), _extent(y)
    layout = _layout(frame, (data["x_names"][0], across), (data["y_names"][0], up))
    return [*_examples(data, x, y, frame), *_truth(data, across, frame), *curves], layout


def _line(name: str, x: Array, y: Array, index: int) -> Json:
    style = style_of(index)
    line = {"color": style.colour, "dash": style.dash, "width": 2.5}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": escaped(name), "line": line}


def _truth(data: Json, across: Sequence[float], frame: Frame) -> list[Json]:
    """The line or the curve that generated the data."""
    truth = data["truth"] or {}
    if "x" in truth and "y" in truth:
        places = {"x": truth["x"], "y": truth["y"]}
    elif "w" in truth and "b" in truth:
        x, w = np.array(across), float(np.ravel(truth["w"])[0])
        places = {"x": x, "y": w * x + float(truth["b"])}
    else:
        return []
    line = {"color": frame.palette.ink, "width": 1.25, "dash": "6px,4px"}
    return [{"type": "scatter", "mode": "lines", "name": text("fit.truth"), "line": line, **places}]


def _over_two_features(data: Json, predictions: Mapping[str, Json], frame: Frame) -> Figure:
    view, y = next(iter(predictions.values())), data["y"][0]
    planes = np.asarray(view["z"])
    answers = planes.argmax(axis=0) if len(planes) > 1 else planes[0]
    low, high = float(y.min()), float(y.max())
    bar = {"thickness": 10, "outlinewidth": 0, "title": {"text": escaped(data["y_names"][0])}}
    field = {
        "type": "heatmap",
        "x": view["x"],
        "y": view["y"],
        "z": answers,
        "zsmooth": "best",
        "zmin": low,
        "zmax": high,
        "colorscale": COLOUR_SCALE,
        "colorbar": bar,
        "hovertemplate": "ŷ %{z:.4g}<extra></extra>",
    }
    first, second = ((name, view[axis][[0, -1]]) for name, axis in zip(data["x_names"], ("x", "y"), strict=True))
    coloured = {"colorscale": COLOUR_SCALE, "cmin": low, "cmax": high}
    points = _examples(data, data["X"][0], data["X"][1], frame, observed=y, marker=coloured)
    return [field, *points], _layout(frame, first, second)


def _observed_against_predicted(data: Json, predictions: Mapping[str, Json], frame: Frame) -> Figure:
    traces = []
    observed = data["y"][0]
    low, high = _extent(observed)
    for index, (name, view) in enumerate(predictions.items()):
        marker = {"color": style_of(index).colour}
        shown = _examples(data, observed, np.atleast_2d(view["predicted"])[0], frame, marker=marker)
        traces += [trace | {"name": f"{escaped(name)}, {trace['name']}"} for trace in shown]
    line = {"color": frame.palette.ink, "width": 1, "dash": "6px,4px"}
    ends = {"x": [low, high], "y": [low, high], "name": text("fit.perfect"), "line": line}
    layout = _layout(frame, (text("fit.observed"), (low, high)), (text("fit.predicted"), (low, high)))
    return [{"type": "scatter", "mode": "lines", **ends}, *traces], layout


def _class_against_class(data: Json, predictions: Mapping[str, Json], frame: Frame) -> Figure:
    """How many training examples of each class the first run takes for which."""
    counts = np.asarray(next(iter(predictions.values()))["classification"]["train"]["confusion"])
    names = [escaped(name) for name in data["classes"]]
    observed, predicted = np.nonzero(counts)
    found = counts[observed, predicted]
    size = 14 + (BUBBLE - 14) * np.sqrt(found / max(1, found.max(initial=1)))
    marker = {"size": size, "color": style_of(0).colour, "opacity": 0.85}
    ticks = {"tickvals": list(range(len(names))), "ticktext": names}
    ends = (-0.6, len(names) - 0.4)
    layout = _layout(frame, (text("fit.observed"), ends), (text("fit.predicted"), ends))
    for axis in ("xaxis", "yaxis"):
        layout[axis] |= ticks
    labels = {"text": [str(count) for count in found], "textfont": {"color": DARK}}
    bubbles = {"x": observed, "y": predicted, "marker": marker, "name": text("fit.train"), **labels}
    return [{"type": "scatter", "mode": "markers+text", **bubbles}], layout


def _examples(
    data: Json, x: Array, y: Array, frame: Frame, *, observed: Array | None = None, marker: Json | None = None
) -> list[Json]:
    """Training examples as dots, test examples as diamonds; `observed` gives them colours."""
    every = -(-len(x) // MOST_EXAMPLES)
    is_test = np.zeros(len(x), dtype=bool)
    is_test[np.asarray(data["test"], dtype=int)] = True
    own = {
        "fit.train": (~is_test, {"symbol": "circle", "size": 7, "color": frame.palette.data}),
        "fit.test": (is_test, {"symbol": "diamond", "size": 8, "color": frame.palette.test}),
    }
    traces = []
    for key, (wanted, style) in own.items():
        drawn = np.flatnonzero(wanted)[::every]
        if len(drawn):
            edge = {"width": 1, "color": style["color"]}
            colour = {} if observed is None else {"color": observed[drawn], "line": edge}
            points = {"x": x[drawn], "y": y[drawn], "name": text(key), "marker": style | (marker or {}) | colour}
            traces.append({"type": "scatter", "mode": "markers", **points})
    return traces


def _layout(frame: Frame, first: Side, second: Side) -> Json:
    (x, across), (y, up) = first, second
    axes = {
        "xaxis": {"title": {"text": escaped(x)}, "range": list(across)},
        "yaxis": {"title": {"text": escaped(y)}, "range": list(up)},
    }
    return frame.layout(text("fit.title"), {"margin": MARGIN, **axes})


def _extent(values: Array) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    pad = MARGIN_OF_DATA * ((high - low) or 1.0)
    return low - pad, high + pad
