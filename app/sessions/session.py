"""One session: its recipe, and the runs that follow from it. Everything here is computation; nothing waits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from app.engine.advice import Advice, advice
from app.engine.plan import Plan, Until
from app.engine.planes import Plane
from app.engine.replay import NotFiniteError
from app.engine.run import Run
from app.engine.state import State
from app.errors import BadInput, UnknownPlane
from app.recipe.build import Built, plan
from app.recipe.recipe import Recipe
from app.sessions.planes import Planes
from app.settings import Settings

Array = NDArray[np.float64]

TURN = 256
TURN_WORK = 2_000_000
"""Racing runs take turns of so many steps, or examples × units, so that a deadline leaves them side by side."""

LEAST_STEP_WORK = 300
"""What a step costs however small the model, in the same numbers: about two microseconds of Python."""

MOST_RECALLED = 12


@dataclass(eq=False)
class Session:
    """`runs` stand in the order of `recipe.runs`; `version` grows with every change, `lineage` when a path is no more.

    `id` may change the session, `view_id` may only look.
    """

    id: str
    view_id: str
    recipe: Recipe
    built: Built
    runs: list[Run]
    version: int = 0
    lineage: int = 0
    planes: Planes = field(default_factory=Planes)
    _advice: tuple[tuple[Run, Plan, int, Advice | None], ...] = ()
    _recalled: tuple[tuple[Run, Plan, State], ...] = ()

    @property
    def clock(self) -> int:
        """The step all runs are at, except those that diverged before or have still to catch up."""
        return max([run.state.step for run in self.runs])

    def index(self, name: str | None, where: str = "run") -> int:
        """The place of the run of this name, 0 without one; BadInput at `where` it stands if there is none."""
        if name is None:
            return 0
        names = [run.name for run in self.recipe.runs]
        if name not in names:
            raise BadInput.at(where, "bad.unknown_run", got=name, known=tuple(str(known) for known in names))
        return names.index(name)

    def check_step(self, step: int | None, where: str = "step") -> None:
        """BadInput where a step lies beyond now."""
        if step is not None and step > self.clock:
            raise BadInput.at(where, "bad.beyond_now", got=step, now=self.clock)

    def state(self, run: Run, step: int | None) -> State:
        """Where a run stood after `step` steps, or the last point if it did not come so far; BadInput beyond now.

        It is the session's own: to be read, not written.
        """
        self.check_step(step)
        if step is None or step >= run.state.step:
            return run.state
        state = self._known_state(run, step)
        if state is None:
            state = run.state_at(step)
            self._recalled = (*self._recalled, (run, run.plan, state))[-MOST_RECALLED:]
        return state

    def theta(self, run: Run, step: int | None) -> tuple[int, Array]:
        """The step that `state` would be of, and its θ (P,), read off the path where that keeps it."""
        self.check_step(step)
        if step is None or step >= run.state.step:
            return run.state.step, run.state.theta
        track = run.path.thetas
        row, between = divmod(step, track.stride)
        return (step, track.rows[row]) if not between and row < track.count else (step, self.state(run, step).theta)

    def recall(self, step: int | None, others: Iterable[tuple[Run, int]] = ()) -> None:
        """Work out the states of all runs after `step` steps, and some others, so that `state` has them at hand."""
        for run, at in self._to_recall(step, others):
            self.state(run, at)

    def recall_work(self, step: int | None, others: Iterable[tuple[Run, int]] = ()) -> int:
        """What `recall` would have to work through, in examples × units."""
        return sum((at - run.kept_step(at)) * _step_work(run) for run, at in self._to_recall(step, others))

    def advice(self, index: int) -> Advice | None:
        """What to tell about a run that diverged; worked out once."""
        run = self.runs[index]
        if not run.diverged:
            return None
        for known, plan_then, step, given in self._advice:
            if known is run and plan_then is run.plan and step == run.state.step:
                return given
        given = advice(run)
        self._advice = (*self._advice, (run, run.plan, run.state.step, given))[-MOST_RECALLED:]
        return given

    def plane(self, plane_id: str) -> Plane:
        """A plane that was asked for before; UnknownPlane."""
        plane = self.planes.get(plane_id)
        if plane is None or len(plane.origin) != self.built.layout.size:
            raise UnknownPlane
        return plane

    def advance(self, steps: int, deadline: float, until: Until | None = None) -> int:
        """Up to `steps` more on the clock, all runs side by side; the number taken before the deadline."""
        first = now = self.clock
        if not self.catch_up(deadline):
            return 0
        while now < first + steps and not self._has_reached(until):
            before = now
            self._advance_to(min(first + steps, before + self._turn(steps)), deadline, until)
            now = self.clock
            if now == before or perf_counter() >= deadline:
                break
        return now - first

    def work(self, steps: int) -> int:
        """Examples × units that so many steps of all runs work through."""
        return steps * sum(map(_step_work, self.runs))

    def catch_up(self, deadline: float) -> bool:
        """Bring runs that are behind the clock to it; whether all that can have arrived."""
        now = self.clock
        for run in self.runs:
            if run.state.step < now:
                run.advance(now - run.state.step, deadline=deadline)
        return all(run.diverged or run.state.step == now for run in self.runs)

    def _to_recall(self, step: int | None, others: Iterable[tuple[Run, int]]) -> list[tuple[Run, int]]:
        wanted = [*others, *((run, step) for run in self.runs if step is not None)]
        return [(run, at) for run, at in wanted if at < run.state.step and not self._known_state(run, at)]

    def _known_state(self, run: Run, step: int) -> State | None:
        known = (s for of, plan_then, s in self._recalled if of is run and plan_then is run.plan and s.step == step)
        return next(known, None)

    def _turn(self, steps: int) -> int:
        """A single run looks at the deadline by itself."""
        work = sum(run.objective.step_work for run in self.runs)
        return steps if len(self.runs) == 1 else max(1, min(TURN, TURN_WORK // max(1, work)))

    def _advance_to(self, target: int, deadline: float, until: Until | None) -> None:
        """All runs to `target`, or to where the first of them reaches what is asked for."""
        alone = len(self.runs) == 1
        for index, run in enumerate(self.runs):
            run.advance(target - run.state.step, deadline=deadline if alone else float("inf"), until=until)
            if run.state.step < target and not run.diverged:
                target = run.state.step
                for earlier in self.runs[:index]:
                    if earlier.state.step > target:
                        earlier.rewind(target)

    def _has_reached(self, until: Until | None) -> bool:
        return until is not None and any(until.reached_at(run.state.loss, run.state.gradient_norm) for run in self.runs)


def _step_work(run: Run) -> int:
    return max(LEAST_STEP_WORK, run.objective.step_work)


def start_runs(recipe: Recipe, built: Built, settings: Settings) -> list[Run]:
    """Every run of the recipe at step 0; BadInput where a start has no finite loss or an event does not fit."""
    runs = []
    for index, run in enumerate(recipe.runs):
        where = f"runs[{index}]"
        one = plan(recipe, run, built, settings, where)
        try:
            runs.append(Run(built.objective, one, settings.max_path_bytes))
        except NotFiniteError:
            raise BadInput.at(f"{where}.start" if run.start else "start", "bad.start_not_finite") from None
    return runs
