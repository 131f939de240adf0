"""What the page draws, as complete Plotly figures for notebooks and slides. The only place that names plotly.

`surfaces` and `curves` say what is drawn, as plain JSON; `look` how; plotly.py checks every name in it and writes it.
It is imported when the first figure is asked for: a server that draws none has neither its memory nor its start.
"""

from typing import Any

import numpy as np

Json = dict[str, Any]


def written(traces: list[Json], layout: Json) -> bytes:
    """The figure as JSON that `plotly.io.from_json` takes."""
    from plotly.graph_objects import Figure

    known = [{name: _with_gaps(value) for name, value in trace.items()} for trace in traces]
    return bytes(Figure(data=known, layout=layout).to_json(engine="orjson"), "utf-8")


def _with_gaps(value: Any) -> Any:
    """Arrays in which a number is missing as lists with null there: packed, it would leave the server as NaN."""
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or np.isfinite(value).all():
        return value
    known = value.astype(object)
    known[~np.isfinite(value)] = None
    return known.tolist()
