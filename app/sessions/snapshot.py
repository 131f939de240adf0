"""A session as the store keeps it: versioned JSON with its arrays in base64, and the path as bytes that only grow.

What is kept is what cannot be had cheaply from the recipe: where each run stands. Data, objective and gradients are
computed again when a session is taken up. Where a record is of another format, or path and states do not belong
together because a store lost some of its last writes, all of it is computed again from the recipe.
"""

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from app.engine.costs import Costs
from app.engine.path import Path, Track
from app.engine.run import Run
from app.engine.state import COUNTERS, Evaluations, State
from app.recipe.build import Built, plan
from app.recipe.recipe import RECIPE, Recipe, as_json
from app.sessions.session import Session, start_runs
from app.sessions.store import Record
from app.settings import Settings

FORMAT = 2
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
    return _compact(orjson.dumps(head | {"recipe": orjson.Fragment(recipe_json or recipe_bytes(session.recipe))}))


def recipe_bytes(recipe: Recipe) -> bytes:
    """The recipe as it stands in a record."""
    return _compact(orjson.dumps(as_json(recipe)))


def _compact(written: bytes) -> bytes:
    """The same bytes without the kilobytes of room behind them in which orjson wrote; these are kept for long."""
    return bytes(memoryview(written))


def _run_json(run: Run) -> Json:
    state = run.state
    return {
        **{name: getattr(state, name) for name in COUNTERS},
        "evaluations": state.evaluations.counts(),
        "costs": [run.costs.rows, run.costs.each],
        "theta": _text(state.theta),
        "memory": _text(state.memory),
        "diverged": run.diverged,
        "strides": [run.path.scalars.stride, run.path.thetas.stride],
        "thinnings": _thinnings(run),
        "points": [run.path.scalars.count, run.path.thetas.count],
    }


@dataclass(frozen=True)
class Snapshot:
    """A record that was read; `path` may leave out what is known already."""

    document: Json
    path: bytes
    version: int

    @cached_property
    def recipe(self) -> Recipe:
        """Its problem has to be built before the session can be taken up."""
        return RECIPE.from_value(self.document["recipe"])


def read(record: Record) -> Snapshot:
    """What a record says."""
    return Snapshot(orjson.loads(record.data), record.path, record.version)


def take_up(id_: str, snapshot: Snapshot, built: Built, settings: Settings) -> tuple[Session, int]:
    """The session as it stood when the snapshot was written, and how many bytes of the path can be built on.

    None of them where all had to be computed again, which takes as long as all its steps did.
    """
    document = snapshot.document
    runs = start_runs(snapshot.recipe, built, settings)
    session = Session(id_, document["view_id"], snapshot.recipe, built, runs, snapshot.version, document["lineage"])
    paths = _read_paths(snapshot.path, len(runs), built.layout.size) if document["format"] == FORMAT else None
    if paths is None or not _belong(paths, document["runs"]):
        _replay(runs, document["runs"])
        return session, 0
    for run, kept, (scalars, thetas) in zip(runs, document["runs"], paths, strict=True):
        _restore_path(run.path, kept, scalars, thetas)
        _resume(run, kept)
    return session, len(snapshot.path)


def follow(session: Session, known: Json, snapshot: Snapshot, settings: Settings) -> bool:
    """Bring a session up to a newer snapshot whose path begins where its own ends; False where it has to be taken up.

    `known` is the recipe as it stood in the record before.
    """
    document, runs = snapshot.document, session.runs
    if document["format"] != FORMAT or document["lineage"] != session.lineage:
        return False
    paths = _read_paths(snapshot.path, len(runs), session.built.layout.size)
    before = [(run.path.scalars.count, run.path.thetas.count) for run in runs]
    thinned = [_thinnings(run) for run in runs] != [kept["thinnings"] for kept in document["runs"]]
    if thinned or paths is None or not _belong(paths, document["runs"], before):
        return False
    if document["recipe"] != known:
        session.recipe = recipe = snapshot.recipe
        for index, run in enumerate(runs):
            run.change(plan(recipe, recipe.runs[index], session.built, settings, f"runs[{index}]"))
    for run, kept, (scalars, thetas) in zip(runs, document["runs"], paths, strict=True):
        run.path.scalars.extend(scalars)
        run.path.thetas.extend(thetas)
        _resume(run, kept)
    session.version = snapshot.version
    return True


def _replay(runs: list[Run], kept: list[Json]) -> None:
    for run, stood in zip(runs, kept, strict=True):
        run.advance(stood["step"] + stood["diverged"])  # a step that cannot be made tells so


def _belong(paths: list[tuple[Array, Array]], kept: list[Json], before: list[tuple[int, int]] | None = None) -> bool:
    """Whether these are all the points that each run had, beside those known before."""
    known = before or [(0, 0)] * len(paths)
    found = [[a + len(scalars), b + len(thetas)] for (scalars, thetas), (a, b) in zip(paths, known, strict=True)]
    return found == [stood["points"] for stood in kept]


def _state(run: Run, kept: Json) -> State:
    theta = _numbers(kept["theta"])
    memory = _numbers(kept["memory"]).reshape(-1, len(theta))
    state = State(theta, np.empty_like(theta), memory, evaluations=Evaluations(**kept["evaluations"]))
    for name in COUNTERS:
        setattr(state, name, kept[name])
    run.objective.bind(state.theta, state.gradient)()
    return state


def _resume(run: Run, kept: Json) -> None:
    rows, each = kept["costs"]
    run.costs = Costs([tuple(row) for row in rows], each and tuple(each))
    run.resume(_state(run, kept), kept["diverged"])


def _restore_path(path: Path, kept: Json, scalars: Array, thetas: Array) -> None:
    for track, rows, stride, thinnings in zip(
        (path.scalars, path.thetas), (scalars, thetas), kept["strides"], kept["thinnings"], strict=True
    ):
        _restore_track(track, rows, stride, thinnings)


def _restore_track(track: Track, rows: Array, stride: int, thinnings: int) -> None:
    track.replace(rows, stride)
    track.thinnings = thinnings


def _thinnings(run: Run) -> list[int]:
    return [run.path.scalars.thinnings, run.path.thetas.thinnings]


def _read_paths(path: bytes, runs: int, parameters: int) -> list[tuple[Array, Array]] | None:
    """Scalars (N, 2) and θs (M, P) of every run, from chunks of all runs in turn; None where it is none."""
    widths = (2, parameters) * runs
    rows: list[list[Array]] = [[np.empty((0, width))] for width in widths]
    place = 0
    try:
        while place < len(path):
            for run in range(runs):
                counts = np.frombuffer(path, "<u4", 2, place)
                place += counts.nbytes
                for track in (2 * run, 2 * run + 1):
                    numbers = np.frombuffer(path, "<f8", widths[track] * int(counts[track % 2]), place)
                    rows[track].append(numbers.reshape(-1, widths[track]))
                    place += numbers.nbytes
    except ValueError:  # it ends too early: the chunks are another session's, or of another time
        return None
    tracks = [np.concatenate(pieces) for pieces in rows]
    return list(zip(tracks[::2], tracks[1::2], strict=True))


def _text(array: Array) -> str:
    return base64.b64encode(array.astype("<f8").tobytes()).decode("ascii")


def _numbers(text: str) -> Array:
    return np.frombuffer(base64.b64decode(text), dtype="<f8").copy()
