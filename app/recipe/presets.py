"""Recipes worth seeing first: each shows one thing, among them the two texts' own settings. Titles are in the texts."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def _descent(rate: float, **settings: Any) -> Json:
    return {"optimizer": {"kind": "gradient_descent", "learning_rate": rate}, **settings}


def _from(name: str, x: float, y: float) -> Json:
    return _descent(0.005, name=name, start={"kind": "values", "values": {"x": x, "y": y}})


PRESETS: Mapping[str, Json] = {
    "learning_rates": {
        "problem": {"kind": "univariate_regression"},
        "runs": [_descent(rate, name=f"η = {rate}") for rate in (0.03, 0.2, 0.43, 0.47)],
    },
    "sigmoid_everywhere": {
        "problem": {
            "kind": "network",
            "dataset": {"kind": "xor"},
            "hidden": [4, 3],
            "activation": "sigmoid",
            "output_activation": "sigmoid",
            "loss": "mean_squared_error",
        },
        "start": {"kind": "normal", "scale": 2.0},
        "runs": [_descent(4.0)],
    },
    "backpropagation_or_not": {
        "problem": {"kind": "two_layer_sigmoid"},
        "runs": [
            _descent(0.1, name="backpropagation"),
            _descent(0.1, name="differences", gradient="forward_difference"),
            {"name": "random search", "optimizer": {"kind": "random_search", "candidates": 2, "scale": 5.0}},
        ],
    },
    "batches": {
        "problem": {"kind": "univariate_regression"},
        "runs": [
            _descent(0.05, name="all examples"),
            _descent(0.05, name="10 a step", batch_size=10),
            _descent(0.05, name="1 a step", batch_size=1),
        ],
    },
    "valley": {
        "problem": {"kind": "function", "name": "rosenbrock"},
        "runs": [
            _descent(0.001, name="gradient descent"),
            {"name": "momentum", "optimizer": {"kind": "momentum", "learning_rate": 0.001, "momentum": 0.9}},
            {"name": "Adam", "optimizer": {"kind": "adam", "learning_rate": 0.05}},
            {"name": "Newton", "optimizer": {"kind": "newton"}},
        ],
    },
    "four_minima": {
        "problem": {"kind": "function", "name": "himmelblau"},
        "start": {"kind": "values", "values": {"x": 0.2, "y": 0.4}},
        "runs": [
            _descent(0.005, name="north-east"),
            _from("north-west", -0.6, 0.4),
            _from("south-west", -0.6, -1.4),
            _from("south-east", 0.4, -1.4),
        ],
    },
    "spirals": {
        "problem": {
            "kind": "network",
            "dataset": {"kind": "spirals", "test_fraction": 0.3},
            "hidden": [8, 8],
            "activation": "tanh",
            "loss": "binary_cross_entropy",
        },
        "runs": [{"optimizer": {"kind": "adam", "learning_rate": 0.03}}],
    },
    "iris": {
        "problem": {
            "kind": "network",
            "dataset": {"kind": "iris", "test_fraction": 0.3, "standardize": True},
            "hidden": [6],
            "activation": "tanh",
            "loss": "softmax_cross_entropy",
        },
        "runs": [{"optimizer": {"kind": "adam", "learning_rate": 0.02}}],
    },
}
