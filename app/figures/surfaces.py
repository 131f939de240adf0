"""The loss over a plane as a contour map or in three dimensions, with the paths at their true loss."""

from collections.abc import Sequence
from typing import Any

from app.figures import paths
from app.figures.look import COLOUR_SCALE, Frame, escaped
from app.figures.paths import Drawn
from app.figures.scale import LossScale, ScaleKind, short
from app.texts import text

Json = dict[str, Any]
Figure = tuple[list[Json], Json]
"""Traces and layout."""

MARGIN = {"l": 60, "r": 20, "t": 70, "b": 50}
CONTOUR_IN_SPACE = "#f4f1e4"


def contour(view: Json, runs: Sequence[Drawn], kind: ScaleKind, frame: Frame) -> Figure:
    """From a surface as clients get it, with arrays; `runs` have their places on its plane."""
    scale = LossScale.of(view["loss"], kind)
    low, high = scale.ends
    levels = {"start": low, "end": high, "size": scale.step, "coloring": "fill"}
    line = {"width": 0.5, "color": "rgba(255,255,255,0.35)"}
    base = {"type": "contour", "zmin": low, "zmax": high, "autocontour": False, "contours": levels, "line": line}
    axes = {f"{axis}axis": side | {"showgrid": False} for axis, side in _sides(view).items()}
    layout = frame.layout(text("stage.title"), {"margin": MARGIN, **axes}, _notes(view, kind))
    marks = paths.marks_on_map(paths.known_points(view))
    return [base | _heights(view, scale, frame), *marks, *paths.on_map(runs)], layout


def surface(view: Json, runs: Sequence[Drawn], kind: ScaleKind, frame: Frame) -> Figure:
    """The same in three dimensions."""
    scale = LossScale.of(view["loss"], kind)
    low, high = scale.ends
    lines = {"show": True, "start": low, "end": high, "size": 2 * scale.step, "color": CONTOUR_IN_SPACE, "width": 1}
    base = {
        "type": "surface",
        "cmin": low,
        "cmax": high,
        "contours": {"z": lines},
        "opacity": 0.82,  # the mesh spans its cells with chords that may lie above the path
        "lighting": {"ambient": 0.75, "diffuse": 0.5, "specular": 0.05, "roughness": 0.9},
    }
    scene = {
        "aspectmode": "manual",
        "aspectratio": {"x": 1.15, "y": 1.15, "z": 0.7},
        "camera": {"eye": {"x": 1.1, "y": -1.3, "z": 1.15}, "center": {"x": 0, "y": 0, "z": -0.16}},
        **{f"{axis}axis": side for axis, side in _sides(view).items()},
        "zaxis": {"title": {"text": text("loss.axis_loss")}, **scale.axis()},
    }
    layout = frame.layout(text("stage.title"), {"margin": MARGIN, "scene": scene}, _notes(view, kind))
    marks = paths.marks_in_space(paths.known_points(view), scale)
    drawn = [trace for run in runs for trace in paths.in_space(run, view, scale, frame.palette.ink)]
    return [base | _heights(view, scale, frame), *marks, *drawn], layout


def _heights(view: Json, scale: LossScale, frame: Frame) -> Json:
    """What map and surface have in common; hovering tells the loss, whatever the scale."""
    x, y = (escaped(view["plane"][name]) for name in ("x_label", "y_label"))
    font = {"color": frame.palette.soft, "size": 11}
    bar = {"thickness": 10, "outlinewidth": 0, "title": {"text": text("loss.axis_loss")}, "tickfont": font}
    return {
        "x": view["x"],
        "y": view["y"],
        "z": scale.heights(view["loss"]),
        "customdata": view["loss"],
        "colorscale": COLOUR_SCALE,
        "colorbar": bar | scale.axis(),
        "hovertemplate": f"{x} %{{x:.4g}}<br>{y} %{{y:.4g}}<br>L %{{customdata:.4g}}<extra></extra>",
        "showlegend": False,
    }


def _sides(view: Json) -> dict[str, Json]:
    """Title and range of x and y; of principal components with their share of the variance."""
    plane = view["plane"]
    shares = plane["explained_variance"] or (None, None)
    sides = {}
    for axis, share in zip(("x", "y"), shares, strict=True):
        title = escaped(plane[f"{axis}_label"])
        if share is not None:
            title = text("figure.share", label=title, share=f"{100 * share:.3g}")
        sides[axis] = {"title": {"text": title}, "range": [view[axis][0], view[axis][-1]]}
    return sides


def _notes(view: Json, kind: ScaleKind) -> list[str]:
    """What is not as one might think: a logarithm, a level at which losses are cut off, an error."""
    notes = [text("figure.log")] if kind == "log" else []
    if view["plane"]["explained_variance"]:
        notes.append(text("figure.shares"))
    if view["clipped_at"] is not None:
        notes.append(text("stage.clipped", level=short(view["clipped_at"])))
    if view["error_bound"] > 0.0:
        notes.append(text("figure.error", error=f"{view['error_bound']:.1e}"))
    return notes
