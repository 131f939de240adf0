"""The data sets of Descent: generated, real, and the client's own; all kinds stand in `DATASETS`."""

from collections.abc import Callable

from app.engine.data.classes import Blobs, Circles, Moons, Spirals, Xor
from app.engine.data.curved import Curve, Surface
from app.engine.data.dataset import Dataset, Table
from app.engine.data.given import Inline, Uploaded
from app.engine.data.linear import Line, Plane, RandomLine
from app.engine.data.named import Anscombe, Cars, Galton, Hubble, Iris, Longley, Penguins

GENERATED = (Line, Plane, RandomLine, Curve, Surface, Circles, Moons, Spirals, Blobs, Xor)
NAMED = (Anscombe, Cars, Galton, Hubble, Longley, Iris, Penguins)
DATASETS = (*GENERATED, *NAMED, Inline, Uploaded)


def table_of(dataset: Dataset | Uploaded, uploads: Callable[[str], Table]) -> Table:
    """The table of any kind of data set; `uploads` finds that of an uploaded one by its id, or raises."""
    return uploads(dataset.id) if isinstance(dataset, Uploaded) else dataset.table()
