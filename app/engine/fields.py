"""Types and markers for the fields of registered kinds: their bounds are the one definition of what may be asked."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le


@dataclass(frozen=True)
class Scale:
    """How a slider for this field is divided; the JSON Schema of the catalogue carries it as `x-scale`."""

    kind: Literal["linear", "log"]


LOG = Scale("log")

Seed = Annotated[int, Ge(0), Le(2**31 - 1)]
LearningRate = Annotated[float, Gt(0), Le(100), LOG]
