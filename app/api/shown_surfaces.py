"""What the calls about planes answer, as OpenAPI describes it."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from app.api.shown import Numbers, NumbersOrNull


class PlaneShown(TypedDict):
    """`id` names the plane for as long as the session lives.

    `explained_variance`: the share of a path's variance along x and along y, where they are its principal components.
    """

    id: str
    x_label: str
    y_label: str
    explained_variance: Numbers | None


class VectorsShown(PlaneShown):
    """θ(x, y) = origin + x·d1 + y·d2, all parameters one after another as in `parameters` of a delta."""

    origin: Numbers
    d1: Numbers
    d2: Numbers


class Minimum(TypedDict):
    """The lowest point of the slice: `exact`, or the lowest of the grid."""

    x: float
    y: float
    loss: float
    exact: bool


class Mark(TypedDict, total=False):
    """A known point, projected on the plane."""

    x: float
    y: float
    loss: float
    off_plane: float


class LandmarkShown(TypedDict):
    """A known minimum or saddle, projected on the plane; `loss` is its own."""

    x: float
    y: float
    off_plane: float
    loss: float
    kind: Literal["global", "local", "saddle"]


class Packed(TypedDict):
    """Plotly's form of a large array: little-endian float64 in base64, with a shape from two dimensions on."""

    dtype: str
    bdata: str
    shape: NotRequired[str]


class SurfaceShown(TypedDict):
    """A row of `loss` for each y, a column for each x.

    None is off by more than `error_bound` times the range of the losses; what is above `clipped_at` is that value.
    """

    plane: PlaneShown
    x: Numbers | Packed
    y: Numbers | Packed
    loss: list[Numbers] | Packed
    error_bound: float
    clipped_at: float | None
    minimum: Minimum
    optimum: Mark | None
    truth: Mark | None
    landmarks: list[LandmarkShown]


class FieldShown(TypedDict):
    """−∂L/∂θ = u·d₁ + v·d₂ + what is at right angles to the plane; null where it is too large for a number."""

    plane: PlaneShown
    x: Numbers
    y: Numbers
    u: list[NumbersOrNull] | Packed
    v: list[NumbersOrNull] | Packed


class LineShown(TypedDict):
    """`loss` at (1 − t)·from + t·to; `distance` is ‖to − from‖."""

    t: Numbers | Packed
    loss: Numbers | Packed
    clipped_at: float | None
    distance: float | None
