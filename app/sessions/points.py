"""Points of a session by name: `start`, `current`, `optimum`, `truth`, and where a run stands or stood."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.engine.run import Run
from app.errors import BadInput
from app.sessions.session import Session

Array = NDArray[np.float64]

WORDS = ("start", "current", "optimum", "truth")
"""The first two are those of the run that is asked about."""

MOST_NAMES_TOLD = 3


class Named(NamedTuple):
    """What stands for a point: a word, or a run and a step of it (None: the one that is asked about)."""

    text: str
    run: Run | None = None
    step: int | None = None


def parse(session: Session, asked: str, count: int, where: str) -> list[Named]:
    """So many points, separated by commas; BadInput at `where` they stand.

    Names of runs may hold commas and @ themselves, so it is the names that are looked for.
    """
    names = [str(run.name) for run in session.recipe.runs]
    one = "|".join([*WORDS, *(rf"{re.escape(name)}(?:@[0-9]{{1,16}})?" for name in names)])
    found = re.fullmatch(",".join([rf"\s*({one})\s*"] * count), asked)
    if found is None:
        known = (*WORDS, *names[:MOST_NAMES_TOLD], f"{names[0]}@{session.clock}")
        raise BadInput.at(where, "bad.points" if count > 1 else "bad.point", count=count, known=known)
    return [_named(session, text, names, where) for text in found.groups()]


def theta_of(session: Session, run: Run, step: int | None, named: Named, where: str) -> Array:
    """θ (P,) of a point; BadInput where it is not known."""
    if named.run is not None:
        return session.theta(named.run, step if named.step is None else named.step)[1]
    if named.text == "start":
        return run.plan.start
    if named.text == "current":
        return session.theta(run, step)[1]
    theta = landmarks(session)[named.text]
    if theta is None:
        raise BadInput.at(where, f"bad.no_{named.text}")
    return theta


def landmarks(session: Session) -> dict[str, Array | None]:
    """The problem's optimum and the truth behind its data, in θ; None where they are not known."""
    optimum, examples = session.built.objective.optimum, session.built.examples
    return {"optimum": optimum.theta if optimum else None, "truth": examples.truth if examples else None}


def steps_to_recall(points: Sequence[Named]) -> list[tuple[Run, int]]:
    """Where runs stood earlier, which has to be worked out again."""
    return [(point.run, point.step) for point in points if point.run is not None and point.step is not None]


def _named(session: Session, text: str, names: list[str], where: str) -> Named:
    if text in WORDS:
        return Named(text)
    if text in names:
        return Named(text, session.runs[names.index(text)])
    name, _, digits = text.rpartition("@")
    session.check_step(int(digits), where)
    return Named(text, session.runs[names.index(name)], int(digits))
