"""Where a run stands: everything that the next step depends on, and nothing else."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


COUNTERS = ("loss", "batch_loss", "best_loss", "best_step", "kind", "step", "t", "epoch", "offset")
"""What a state holds beside its arrays and the evaluations counted."""


@dataclass(slots=True)
class Evaluations:
    """What the method needed so far: losses, gradients (each a backward pass with its forward), examples seen."""

    loss: int = 0
    gradient: int = 0
    samples: int = 0

    def add(self, other: "Evaluations", times: int = 1) -> None:
        """Count what `other` counts, so many times."""
        self.loss += other.loss * times
        self.gradient += other.gradient * times
        self.samples += other.samples * times

    def counts(self) -> dict[str, int]:
        """By name."""
        return {"loss": self.loss, "gradient": self.gradient, "samples": self.samples}

    def become(self, other: "Evaluations") -> None:
        """Take the counts of `other`."""
        self.loss, self.gradient, self.samples = other.loss, other.gradient, other.samples


@dataclass(eq=False, slots=True)
class State:
    """θ, the full training loss and gradient there, the optimizer's memory (rows, P), and the counters.

    `step` counts the run's steps, `t` those of the optimizer since its memory was fresh; `epoch` whole passes through
    the data and `offset` the examples taken from the present one. `batch_loss` is what the step that led here saw
    before it, `best_loss` and `best_step` the lowest point so far. Arrays and counts keep their identity for the life
    of the state, so that evaluations can be bound to them.
    """

    theta: Array
    gradient: Array
    memory: Array
    loss: float = np.nan
    batch_loss: float | None = None
    best_loss: float = np.inf
    best_step: int = 0
    kind: str = ""
    step: int = 0
    t: int = 0
    epoch: int = 0
    offset: int = 0
    evaluations: Evaluations = field(default_factory=Evaluations)
    point: Array = field(init=False)

    def __post_init__(self) -> None:
        """θ and gradient stand in one array `point` (2, P), so that one copy records both."""
        self.point = np.stack([self.theta, self.gradient])
        self.theta, self.gradient = self.point

    @property
    def gradient_norm(self) -> float:
        """‖∂L/∂θ‖₂."""
        return norm(self.gradient)

    def copy(self) -> "State":
        """The same state in arrays of its own."""
        duplicate = State.__new__(State)  # twice as fast as building one, and checkpoints are copies
        duplicate.point = self.point.copy()
        duplicate.memory = self.memory.copy() if self.memory.size else self.memory  # nobody can write into nothing
        duplicate.theta, duplicate.gradient = duplicate.point
        duplicate.evaluations = Evaluations()
        duplicate._take_counters(self)
        return duplicate

    def restore(self, other: "State") -> None:
        """Become equal to `other`, of the same shapes, in the arrays that are bound already."""
        np.copyto(self.point, other.point)
        if self.memory.shape == other.memory.shape:
            np.copyto(self.memory, other.memory)
        else:
            self.memory = other.memory.copy()
        self._take_counters(other)

    def arrive(self, loss: float, batch_loss: float | None) -> None:
        """Note the loss at the point just reached."""
        self.loss, self.batch_loss = loss, batch_loss
        if loss < self.best_loss:
            self.best_loss, self.best_step = loss, self.step

    def forget(self, kind: str, rows: int) -> None:
        """Fresh memory (rows, P) for an optimizer of this kind."""
        self.kind, self.t = kind, 0
        self.memory = np.zeros((rows, len(self.theta)))

    def _take_counters(self, other: "State") -> None:
        for name in COUNTERS:
            setattr(self, name, getattr(other, name))
        self.evaluations.become(other.evaluations)


@np.errstate(over="ignore", under="ignore")
def squared_norms(vectors: Array) -> Array:
    """‖v‖² of each row, (N,), the same to the last bit however many there are."""
    return np.asarray(np.add.reduce(vectors * vectors, axis=1))


def norm(vector: Array) -> float:
    """‖v‖₂ without overflow: scaled by the largest element where its square would not be finite."""
    square = float(squared_norms(vector[None])[0])
    if 1e-280 < square < np.inf:
        return float(np.sqrt(square))
    largest = float(np.abs(vector).max(initial=0.0))
    return largest * float(np.linalg.norm(vector / largest)) if 0.0 < largest < np.inf else largest
