"""Heights of losses, linear or logarithmic, with the levels and ticks that the page has."""

from dataclasses import dataclass
from math import ceil, floor, inf, log10
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ScaleKind = Literal["log", "linear"]

LEVELS = 18
NEAR = 1e-3
"""Of the range: how far below the lowest loss a logarithm begins where losses are negative."""

NARROW = 8.0
"""Less between highest and lowest, and steps of 1, 2, 5 are too far apart."""

DECADES = 12
"""A loss of 0 has no logarithm: what lies further below the highest is drawn at this depth."""


LARGEST = 1e300
"""What is beyond is drawn there: ranges and levels have to be numbers, too."""


@dataclass(frozen=True)
class LossScale:
    """From `least` to `most`. A logarithm is that of the loss; where some are negative, of what it is above `level`."""

    kind: ScaleKind
    least: float
    most: float

    @classmethod
    def of(cls, losses: Array, kind: ScaleKind) -> "LossScale":
        return cls(kind, *np.clip((losses.min(), losses.max()), -LARGEST, LARGEST).tolist())

    def heights(self, losses: Array | float) -> Array:
        """Of losses of any shape."""
        shown = np.clip(losses, -LARGEST, LARGEST)
        if self.kind == "linear":
            return np.asarray(shown)
        level = self.least - (self.most - self.least) * NEAR if self.least < 0 else 0.0
        return np.asarray(np.log10(np.maximum(shown - level, (self.most - level) * 10.0**-DECADES or 1.0)))

    @property
    def ends(self) -> tuple[float, float]:
        """Heights of the lowest and of the highest loss."""
        return float(self.heights(self.least)), float(self.heights(self.most))

    @property
    def step(self) -> float:
        """Between two contour lines."""
        low, high = self.ends
        return (high - low) / LEVELS or 1.0

    @property
    def ticks(self) -> list[float]:
        """Round losses to label."""
        least, most = self.least, self.most
        if self.kind == "linear":
            return _even(least, most)
        if least < 0:
            return [float(f"{least + above:.3g}") for above in _logarithmic((most - least) * NEAR, most - least)]
        lowest = max(least, most * 10.0**-DECADES)
        return _logarithmic(lowest, most) if most > NARROW * lowest else _even(lowest, most)

    def axis(self) -> dict[str, object]:
        """Ticks as Plotly takes them: where, and which losses they are."""
        return {
            "tickvals": self.heights(np.array(self.ticks)).tolist(),
            "ticktext": [short(loss) for loss in self.ticks],
        }


def _logarithmic(least: float, most: float) -> list[float]:
    """1, 2, 5 in each decade, or decades alone where there are many."""
    if not 0.0 < least < most < inf:
        return []
    first, last = floor(log10(least)), ceil(log10(most))
    digits = (1,) if last - first > 3 else (1, 2, 5)
    decades = range(first, last + 1, max(1, ceil((last - first) / 8)))
    return [tick for decade in decades for digit in digits if least <= (tick := float(f"{digit}e{decade}")) <= most]


def _even(least: float, most: float) -> list[float]:
    """Five to ten round numbers."""
    rough = (most - least) / 6 or 1.0
    decade = 10.0 ** floor(log10(rough))
    step = next((digit * decade for digit in (1, 2, 5, 10) if digit * decade >= rough), rough)
    first = ceil(least / step)
    return [float(f"{number * step:.12g}") for number in range(first, floor(most / step) + 1)]


def short(value: float) -> str:
    """Four digits at most, or a power of ten.

    >>> short(0.25), short(-12345.6), short(3e-7)
    ('0.25', '−12350', '3e−07')
    """
    size = abs(value)
    digits = f"{value:.0e}" if value and (size >= 1e5 or size < 1e-3) else f"{float(f'{value:.4g}'):g}"
    return digits.replace("e+", "e").replace("-", "−")
