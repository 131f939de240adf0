"""What the page draws, as complete Plotly figures for notebooks and slides. The only place that names plotly.

`surfaces` and `curves` say what is drawn, as plain JSON; `look` how; plotly.py checks every name in it and writes it.
It is imported when the first figure is asked for: a server that draws none has neither its memory nor its start.
"""

from typing import Any

Json = dict[str, Any]


def written(traces: list[Json], layout: Json) -> bytes:
    """The figure as JSON that `plotly.io.from_json` takes."""
    from plotly.graph_objects import Figure

    return bytes(Figure(data=traces, layout=layout).to_json(engine="orjson"), "utf-8")
