"""A session as the store keeps it: versioned JSON with its arrays in base64, and the path as bytes that only grow.

What is kept is what cannot be had cheaply from the recipe: where each run stands. Data, objective and gradients are
computed again when a session is taken up.
"""

import base64
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from app.engine.path import Path, Track
from app.engine.run import Run
from app.engine.state import COUNTERS, Evaluations, State
from app.recipe.build import Built
from app.recipe.recipe import RECIPE, Recipe, as_json
from app.sessions.session import Session, start_runs
from app.sessions.store import Record
from app.settings import Settings

FORMAT = 1
Array = NDArray[np.float64]
Json = dict[str, Any]


class PathWriter:
    """What of a session's paths is in the store already; says what has to go there, and whether in place of the old."""

    def __init__(self) -> None:
        self._written: list[tuple[int, ...]] = []

    def unwritten(self, session: Session) -> tuple[bytes, bool]:
        """Bytes to append, or to put in place of all where points went or were thinned out."""
        marks = [_mark(session, run) for run in session.runs]
        grown = len(marks) == len(self._written) and all(
            old[2:] == new[2:] and old[0] <= new[0] and old[1] <= new[1]
            for old, new in zip(self._written, marks, strict=True)
        )
        since = [mark[:2] for mark in self._written] if grown else [(0, 0)] * len(marks)
        self._written = marks
        return b"".join(_chunk(run, *first) for run, first in zip(session.runs, since, strict=True)), not grown

    def note_written(self, session: Session) -> None:
        """All of it is in the store: the session was just read from there."""
        self._written = [_mark(session, run) for run in session.runs]


def _mark(session: Session, run: Run) -> tuple[int, ...]:
    scalars, thetas = run.path.scalars, run.path.thetas
    return scalars.count, thetas.count, scalars.thinnings, thetas.thinnings, session.lineage, id(run)


def _chunk(run: Run, first_scalar: int, first_theta: int) -> bytes:
    scalars, thetas = run.path.scalars.rows[first_scalar:], run.path.thetas.rows[first_theta:]
    header = np.array([len(scalars), len(thetas)], dtype="<u4")
    return header.tobytes() + scalars.astype("<f8").tobytes() + thetas.astype("<f8").tobytes()


def pack(session: Session, recipe_json: bytes | None = None) -> bytes:
    """The record of a session but for its path; `recipe_json` spares writing a recipe that did not change."""
    head = {
        "format": FORMAT,
        "view_id": session.view_id,
        "lineage": session.lineage,
        "runs": [_run_json(run) for run in session.runs],
    }
    return orjson.dumps(head | {"recipe": orjson.Fragment(recipe_json or recipe_bytes(session.recipe))})


def recipe_bytes(recipe: Recipe) -> bytes:
    """The recipe as it stands in a record."""
    return orjson.dumps(as_json(recipe))


def _run_json(run: Run) -> Json:
    state = run.state
    return {
        **{name: getattr(state, name) for name in COUNTERS},
        "evaluations": asdict(state.evaluations),
        "theta": _text(state.theta),
        "memory": _text(state.memory),
        "diverged": run.diverged,
        "strides": [run.path.scalars.stride, run.path.thetas.stride],
        "thinnings": [run.path.scalars.thinnings, run.path.thetas.thinnings],
    }


@dataclass(frozen=True)
class Snapshot:
    """A record that was read: the recipe, whose problem has to be built before the session can be taken up."""

    document: Json
    recipe: Recipe
    path: bytes
    version: int


def read(record: Record) -> Snapshot:
    """What a record says; ValueError where its format is not known."""
    document = orjson.loads(record.data)
    if document["format"] != FORMAT:
        raise ValueError(f"snapshot format {document['format']}")
    return Snapshot(document, RECIPE.from_value(document["recipe"]), record.path, record.version)


def take_up(id_: str, snapshot: Snapshot, built: Built, settings: Settings) -> Session:
    """The session as it stood when the snapshot was written."""
    document, recipe = snapshot.document, snapshot.recipe
    runs = start_runs(recipe, built, settings)
    session = Session(id_, document["view_id"], recipe, built, runs, snapshot.version, document["lineage"])
    paths = _read_paths(snapshot.path, len(runs), built.layout.size)
    for run, kept, (scalars, thetas) in zip(runs, document["runs"], paths, strict=True):
        _restore_path(run.path, kept, scalars, thetas)
        run.resume(_state(run, kept), kept["diverged"])
    return session


def _state(run: Run, kept: Json) -> State:
    theta = _numbers(kept["theta"])
    memory = _numbers(kept["memory"]).reshape(-1, len(theta))
    state = State(theta, np.empty_like(theta), memory, evaluations=Evaluations(**kept["evaluations"]))
    for name in COUNTERS:
        setattr(state, name, kept[name])
    run.objective.bind(state.theta, state.gradient)()
    return state


def _restore_path(path: Path, kept: Json, scalars: Array, thetas: Array) -> None:
    for track, rows, stride, thinnings in zip(
        (path.scalars, path.thetas), (scalars, thetas), kept["strides"], kept["thinnings"], strict=True
    ):
        _restore_track(track, rows, stride, thinnings)


def _restore_track(track: Track, rows: Array, stride: int, thinnings: int) -> None:
    track.replace(rows, stride)
    track.thinnings = thinnings


def _read_paths(path: bytes, runs: int, parameters: int) -> list[tuple[Array, Array]]:
    """Scalars (N, 2) and θs (M, P) of every run, from chunks of all runs in turn."""
    scalars: list[list[Array]] = [[] for _ in range(runs)]
    thetas: list[list[Array]] = [[] for _ in range(runs)]
    place = 0
    while place < len(path):
        for run in range(runs):
            counts = np.frombuffer(path, "<u4", 2, place)
            place += counts.nbytes
            for rows, width, count in ((scalars[run], 2, counts[0]), (thetas[run], parameters, counts[1])):
                numbers = np.frombuffer(path, "<f8", width * int(count), place)
                rows.append(numbers.reshape(-1, width))
                place += numbers.nbytes
    return [(np.concatenate(s), np.concatenate(t)) for s, t in zip(scalars, thetas, strict=True)]


def _text(array: Array) -> str:
    return base64.b64encode(array.astype("<f8").tobytes()).decode("ascii")


def _numbers(text: str) -> Array:
    return np.frombuffer(base64.b64decode(text), dtype="<f8").copy()
