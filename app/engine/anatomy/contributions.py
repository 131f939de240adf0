"""What each example adds to one entry of the gradient."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.anatomy.passes import Passes
from app.engine.model import Model
from app.engine.network import Network
from app.engine.objective import Indices
from app.engine.penalty import weight_mask

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Contributions:
    """`shares` (m,) of the examples `indices` (m,) and that of the `penalty` add up to `gradient`."""

    indices: Indices
    shares: Array
    penalty: float
    gradient: float


@np.errstate(all="ignore")
def contributions(model: Model, theta: Array, batch: Indices | None, address: str) -> Contributions:
    """Of the entry `address`, e.g. `W1[0,2]`, on a batch (None: all): Ψ of its unit times X̄ of where it comes from.

    ParameterError where there is no such address.
    """
    place = model.layout.index(address)
    layer, unit, source = _located(model.network, place)
    passes = Passes(model, theta, batch)
    shares = passes.run.psi[layer][unit] * passes.run.X_bar[layer][source]
    indices = np.arange(model.examples) if batch is None else batch
    penalty = model.penalty.slope(theta * weight_mask(model.network))[place]
    return Contributions(indices, shares, float(penalty), float(passes.gradient[place]))


def _located(network: Network, place: int) -> tuple[int, int, int]:
    """Layer, row and column of W̄ in which an element of θ stands."""
    starts = np.cumsum([0, *(units * (inputs + 1) for inputs, units in network.shapes)])
    layer = int(np.searchsorted(starts, place, side="right")) - 1
    return layer, *divmod(place - int(starts[layer]), network.widths[layer] + 1)
