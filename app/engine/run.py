"""A run: an optimizer on its way down an objective, step by step, able to go back to any of its steps exactly."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.engine.checkpoints import Checkpoints
from app.engine.costs import Costs, Counting
from app.engine.objective import Objective
from app.engine.optimizers.optimizer import BoundStep, Settings, Step
from app.engine.path import Path
from app.engine.plan import ByHand, Plan, Until
from app.engine.replay import bind_step, count, repeat, replay, set_by_hand, starting_state
from app.engine.state import Evaluations, State, squared_norms

Array = NDArray[np.float64]
Status = Literal["running", "converged", "diverged"]

CONVERGED = 1e-10
"""A gradient this small against that of the start (or 1) is called converged."""

DIVERGED = 1e12
"""A loss this large against that of the start (or 1) is called diverged."""

STRETCH = 256
STRETCH_NUMBERS = 16_384
STRETCH_WORK = 2_000_000
"""Between two looks at the clock, the events and the checkpoints lie so many steps, numbers of θ recorded, or
examples × units worked through, whichever comes first."""


@dataclass(eq=False)
class Run:
    """A plan on an objective, and how far it has come. NotFiniteError where the start has no finite loss."""

    objective: Objective
    plan: Plan
    max_path_bytes: int = 262_144
    diverged: bool = False
    state: State = field(init=False)
    path: Path = field(init=False)
    costs: Costs = field(init=False, default_factory=Costs)

    def __post_init__(self) -> None:
        self.state = starting_state(self.objective, self.plan.start)
        self.first_loss, self.first_norm = self.state.loss, self.state.gradient_norm
        self.path = Path(len(self.plan.start), self.max_path_bytes)
        self._checkpoints = Checkpoints(self.state)
        self._record_point()

    @property
    def status(self) -> Status:
        return "diverged" if self.diverged else self.status_at(self.state.gradient_norm)

    def status_at(self, gradient_norm: float) -> Status:
        """What is to be said of a point on the way: a run has not diverged before its last."""
        return "converged" if gradient_norm <= CONVERGED * max(1.0, self.first_norm) else "running"

    @property
    def settings(self) -> Settings:
        """What is in force for the next step."""
        return self.plan.settings_at(self.state.step)

    @property
    def loss_limit(self) -> float:
        """The loss above which the run counts as diverged."""
        return DIVERGED * max(1.0, self.first_loss)

    def advance(self, steps: int, *, deadline: float = np.inf, until: Until | None = None) -> int:
        """Up to `steps` more; fewer when it diverges, reaches its goal or `perf_counter` passes the deadline.

        Returns the number made. No number depends on how many steps one call takes.
        """
        first = self.state.step
        with np.errstate(all="ignore"):
            while self.state.step < first + steps and not self.diverged:
                if self._segment(first + steps, deadline, until) or perf_counter() >= deadline:
                    break
        return self.state.step - first

    def state_at(self, step: int) -> State:
        """The state after `step` steps, which must not lie ahead: from the nearest checkpoint, computed again."""
        if step == self.state.step:
            return self.state.copy()
        state = self._checkpoints.nearest(step).copy()
        replay(self.objective, self.plan, state, step)
        return state

    def kept_step(self, step: int) -> int:
        """The last step at or before `step` that can be gone back to without computing anything again."""
        return step if step == self.state.step else self._checkpoints.nearest(step).step

    def rewind(self, step: int) -> None:
        """Back to an earlier step, exactly; what came after is forgotten, events of the plan stay."""
        self.state = self.state_at(step)
        self.diverged = False
        self.path.truncate(step)
        self.costs.truncate(step, self.state.evaluations)
        self._checkpoints.truncate(step)

    def resume(self, state: State, diverged: bool) -> None:
        """Stand at a state that this run reached earlier; the path is brought up to it by whoever kept it."""
        self.state, self.diverged = state, diverged
        self._checkpoints.keep(state)

    def change(self, plan: Plan) -> None:
        """Go on with another plan that agrees with this one before the present step; a diverged run tries again."""
        self.plan = plan
        self.diverged = False

    def _segment(self, goal: int, deadline: float, until: Until | None) -> bool:
        """To the goal or the next event; True when `until` was reached."""
        by_hand = self.plan.by_hand_at(self.state.step)
        if by_hand is not None:
            return self._step_by_hand(by_hand, until)
        end = self.plan.segment_end(self.state.step, goal)
        bound, longest = bind_step(self.objective, self.plan, self.state), self._longest_stretch()
        while self.state.step < end and not self.diverged:
            step = self.state.step
            if self._stretch(bound, min(end, step + longest, self._checkpoints.due_after(step)), until):
                return True
            if perf_counter() >= deadline:
                break
        return False

    def _longest_stretch(self) -> int:
        """Steps between two looks at the clock, with the settings in force."""
        settings = self.settings
        by_work = max(1, STRETCH_WORK // max(1, settings.optimizer.work(self.objective, settings.gradient)))
        by_numbers = max(1, STRETCH_NUMBERS // len(self.state.theta))
        return min(STRETCH, by_work, by_numbers)

    def _stretch(self, bound: BoundStep, end: int, until: Until | None) -> bool:
        """Step to `end` and record; at a step that leaves the finite numbers, stand at the point before it."""
        before, made = self._checkpoints.at(self.state), end - self.state.step
        counting = Counting(bound, self.state)
        losses, norms, thetas = self._make_steps(counting.step, made)
        finite = len(norms)
        hit = None if until is None else until.reached(losses[:finite], norms)
        kept = finite if hit is None else hit + 1
        if kept < made:
            self.state.restore(before)
            repeat(bound, self.state, kept)
        else:
            self._arrive(bound, losses, before)
        self.diverged = hit is None and finite < made
        self.path.append(before.step + 1, losses[:kept], norms[:kept], thetas[:kept])
        counting.note(self.costs, kept)
        self._checkpoints.offer(self.state)
        return hit is not None

    def _make_steps(self, step: Step, steps: int) -> tuple[Array, Array, Array]:
        """The hot loop: losses, gradient norms (N,) and θ (N, P) of the steps that stayed finite.

        θ itself is not looked at: while ‖g‖² is finite and η bounded, it cannot leave the finite numbers.
        """
        limit, losses, points = self.loss_limit, list[float](), list[bytes]()
        note_loss, note_point, point = losses.append, points.append, self.state.point.tobytes
        for _ in range(steps):
            loss = step()
            if not loss <= limit:
                break
            note_loss(loss)
            note_point(point())  # θ and gradient in one go: bytes are the cheapest copy there is
        recorded = np.frombuffer(b"".join(points)).reshape(-1, *self.state.point.shape)
        squares = squared_norms(recorded[:, 1])
        finite = np.isfinite(squares)
        count = len(squares) if finite.all() else int(finite.argmin())
        return np.array(losses[:count]), np.sqrt(squares[:count]), recorded[:count, 0]

    def _arrive(self, bound: BoundStep, losses: Array, before: State) -> None:
        """Bring the counters of the state up to a stretch that came through."""
        state, lowest = self.state, int(losses.argmin())
        if losses[lowest] < state.best_loss:
            state.best_loss, state.best_step = float(losses[lowest]), before.step + 1 + lowest
        state.loss = float(losses[-1])
        if bound.whole:
            state.batch_loss = float(losses[-2]) if len(losses) > 1 else before.loss
        count(bound, state, len(losses))

    def _step_by_hand(self, by_hand: ByHand, until: Until | None) -> bool:
        before = self.state.copy()
        set_by_hand(self.objective, self.state, by_hand)
        if not (self.state.loss <= self.loss_limit and np.isfinite(self.state.gradient).all()):
            self.state, self.diverged = before, True
            return False
        self._record_point()
        self.costs.add(1, Evaluations())
        self._checkpoints.offer(self.state)
        return until is not None and until.reached_at(self.state.loss, self.state.gradient_norm)

    def _record_point(self) -> None:
        state = self.state
        self.path.append(state.step, np.array([state.loss]), np.array([state.gradient_norm]), state.theta[None])
