"""States kept along a run, so that going back never computes more than a 32nd of it again."""

from app.engine.state import State

MOST = 64
FIRST_STRIDE = 128
MOST_BYTES = 4 * 2**20
"""For models whose state is large: fewer checkpoints, never fewer than 4, rather than more memory."""


class Checkpoints:
    """At most 64 states, a stride apart and at its multiples; when full, every second goes and the stride doubles."""

    def __init__(self, start: State) -> None:
        self._states = [start.copy()]
        self.stride = FIRST_STRIDE

    def due_after(self, step: int) -> int:
        """The next step at which one is due."""
        return step + self.stride - step % self.stride

    def offer(self, state: State) -> None:
        """Keep a copy if one is due at this step."""
        if state.step % self.stride == 0 and state.step > self._states[-1].step:
            self._add(state)

    def at(self, state: State) -> State:
        """A state equal to this one that nobody changes: the last checkpoint where it is the same, else a copy."""
        last = self._states[-1]
        return last if last.step == state.step and last.kind == state.kind else state.copy()

    def keep(self, state: State) -> None:
        """Keep a copy as the last one, whatever its step."""
        self.truncate(state.step - 1)
        self._add(state)

    def nearest(self, step: int) -> State:
        """The last one at or before `step`; not a copy."""
        return next(kept for kept in reversed(self._states) if kept.step <= step)

    def truncate(self, step: int) -> None:
        """Forget those after `step`."""
        self._states = [kept for kept in self._states if kept.step <= step]

    def _add(self, state: State) -> None:
        """As the last one; the one before goes where it is nearer than a stride, as it may be from elsewhere."""
        if len(self._states) > 1 and self._states[-1].step - self._states[-2].step < self.stride:
            self._states.pop()
        if len(self._states) >= self._most(state):
            self.stride *= 2
            self._states = self._spaced()
        self._states.append(state.copy())

    def _spaced(self) -> list[State]:
        """The first, and every next one that is a stride or more beyond the last taken."""
        spaced: list[State] = []
        for state in self._states:
            if not spaced or state.step - spaced[-1].step >= self.stride:
                spaced.append(state)
        return spaced

    def _most(self, state: State) -> int:
        size = state.theta.nbytes + state.gradient.nbytes + state.memory.nbytes
        return max(4, min(MOST, MOST_BYTES // size))
