"""The line fit's demo as one would write it in Dash, the peer of `page_first_plot`: `python -m … PORT`.

Map of the loss with the path, loss curve, data with the line, a slider for the learning rate, play, step and reset: the
same data, start, grid and number of points as on Descent's page.
"""

import sys
from typing import Any

import numpy as np
import plotly.graph_objects as go
from dash import Dash, Input, Output, State, dcc, html
from numpy.typing import NDArray

Array = NDArray[np.float64]
POINTS = 61
STEPS_A_TICK = 10
generator = np.random.default_rng(0)
X: Array = generator.uniform(-2, 2, 50)
Y: Array = 2 * X - 0.5 + 0.5 * generator.standard_normal(50)
W, B = np.linspace(-3, 5, POINTS), np.linspace(-4, 4, POINTS)


def loss(w: Array, b: Array) -> Array:
    """Mean squared error of w·x + b for arrays of one shape."""
    errors: Array = w[..., None] * X + b[..., None] - Y
    mean: Array = np.mean(errors * errors, axis=-1)
    return mean


def stepped(path: list[list[float]], rate: float) -> list[list[float]]:
    """One step of gradient descent further."""
    w, b = path[-1]
    errors = w * X + b - Y
    return [*path, [w - rate * float(2 * np.mean(errors * X)), b - rate * float(2 * np.mean(errors))]]


def figures(path: list[list[float]]) -> tuple[go.Figure, go.Figure, go.Figure]:
    """Map, loss curve and fit."""
    ws, bs = np.array(path).T
    heights = loss(*np.meshgrid(W, B))
    above = go.Figure([go.Contour(x=W, y=B, z=np.log10(heights)), go.Scatter(x=ws, y=bs, mode="lines+markers")])
    curve = go.Figure([go.Scatter(y=loss(ws, bs), mode="lines")], {"yaxis": {"type": "log"}})
    ends = np.array([X.min(), X.max()])
    line = go.Scatter(x=ends, y=ws[-1] * ends + bs[-1], mode="lines")
    return above, curve, go.Figure([go.Scatter(x=X, y=Y, mode="markers"), line])


def demo() -> Dash:
    """The whole demo; its first figures stand in the layout, as is quickest in Dash."""
    app = Dash(__name__)
    start = [[-1.0, 2.0]]
    first = figures(start)
    app.layout = html.Div(
        [
            html.H1("Gradient descent"),
            html.Label("Learning rate"),
            dcc.Slider(id="rate", min=0.001, max=1, value=0.1),
            html.Button("Play", id="play"),
            html.Button("Reset", id="reset"),
            dcc.Interval(id="tick", interval=1000, disabled=True),
            dcc.Store(id="path", data=start),
            *(dcc.Graph(id=name, figure=figure) for name, figure in zip(("map", "loss", "fit"), first, strict=True)),
        ]
    )
    _connect(app, start)
    return app


def _connect(app: Dash, start: list[list[float]]) -> None:
    app.callback(Output("tick", "disabled"), Input("play", "n_clicks"), prevent_initial_call=True)(lambda n: n % 2 == 0)

    def advance(_: int, path: list[list[float]], rate: float) -> Any:
        for _ in range(STEPS_A_TICK):
            path = stepped(path, rate)
        return (path, *figures(path))

    outputs = [Output("path", "data"), *(Output(name, "figure") for name in ("map", "loss", "fit"))]
    now = [State("path", "data"), State("rate", "value")]
    app.callback(outputs, Input("tick", "n_intervals"), now, prevent_initial_call=True)(advance)
    again = [Output(output.component_id, output.component_property, allow_duplicate=True) for output in outputs]
    reset = app.callback(again, Input("reset", "n_clicks"), prevent_initial_call=True)
    reset(lambda _: (start, *figures(start)))


if __name__ == "__main__":
    demo().run(host="127.0.0.1", port=int(sys.argv[1]), debug=False)
