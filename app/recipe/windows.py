"""A window of a plane as a client asks for it: four sides, or none."""

from typing import Annotated

from annotated_types import Ge, Le

from app.engine.windows import Window
from app.errors import BadInput

Coordinate = Annotated[float, Ge(-1e12), Le(1e12)]
SIDES = ("x_min", "x_max", "y_min", "y_max")


def window_of(asked: object) -> Window | None:
    """From the fields of these names; BadInput where some are missing, or the window is empty."""
    sides = {name: getattr(asked, name) for name in SIDES}
    if all(side is None for side in sides.values()):
        return None
    for name, side in sides.items():
        if side is None:
            raise BadInput.at(name, "bad.whole_window")
    x_min, x_max, y_min, y_max = (float(side) for side in sides.values())
    for name, low, high in (("x_max", x_min, x_max), ("y_max", y_min, y_max)):
        if not low < high:
            raise BadInput.at(name, "bad.greater_than", gt=low, got=high)
    return x_min, x_max, y_min, y_max
