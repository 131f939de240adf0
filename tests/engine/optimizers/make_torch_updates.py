"""Records what torch.optim makes of a sequence of gradients and of a line fit, for tests on machines without torch.

    python -m tests.engine.optimizers.make_torch_updates        (in an environment with torch, see the extra `bench`)

writes `torch_updates.npz` beside this file. Everything is float64: otherwise NAdam keeps a factor in single precision.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Constants = Mapping[str, float]

FILE = Path(__file__).with_name("torch_updates.npz")
STEPS, KEPT = 500, np.array([*range(1, 11), *range(20, 501, 10)])
LINE_STEPS, LINE_KEPT = 200, np.arange(20, 201, 20)

# Per kind three settings: torch's own defaults, written out, and two that are far from them.
ADAM = (
    {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
    {"learning_rate": 0.02, "beta1": 0.99, "beta2": 0.9999, "epsilon": 1e-6},
)
SLOWER_ADAM = ({**ADAM[0], "learning_rate": 0.002}, *ADAM[1:])
MOMENTUM = (
    {"learning_rate": 0.001, "momentum": 0.9},
    {"learning_rate": 0.3, "momentum": 0.0},
    {"learning_rate": 0.05, "momentum": 0.99},
)
CASES: Mapping[str, tuple[Constants, ...]] = {
    "gradient_descent": tuple({"learning_rate": rate} for rate in (0.001, 0.3, 5.0)),
    "momentum": MOMENTUM,
    "nesterov": MOMENTUM,
    "adagrad": (
        {"learning_rate": 0.01, "epsilon": 1e-10},
        {"learning_rate": 1.0, "epsilon": 1e-2},
        {"learning_rate": 0.3, "epsilon": 1e-8},
    ),
    "rmsprop": (
        {"learning_rate": 0.01, "rho": 0.99, "epsilon": 1e-8},
        {"learning_rate": 0.1, "rho": 0.5, "epsilon": 1e-3},
        {"learning_rate": 0.001, "rho": 0.999, "epsilon": 1e-6},
    ),
    "adadelta": (
        {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-6},
        {"learning_rate": 10.0, "rho": 0.5, "epsilon": 1e-3},
        {"learning_rate": 0.1, "rho": 0.99, "epsilon": 1e-8},
    ),
    "adam": ADAM,
    "amsgrad": ADAM,
    "adamax": SLOWER_ADAM,
    "nadam": SLOWER_ADAM,
    "radam": ADAM,
    "adamw": tuple(
        {**constants, "weight_decay": decay} for constants, decay in zip(ADAM, (0.01, 0.5, 0.0), strict=True)
    ),
}
# Rates at which two correct implementations stay together on a line fit.
LINE_RATES = dict.fromkeys(CASES, 0.05) | {"rmsprop": 0.001, "adadelta": 0.1}


def gradients() -> Array:
    """A sequence (STEPS, 6): plain noise, tiny, huge, mostly zero, fading, and of one sign."""
    rng = np.random.default_rng(2024)
    noise, t = rng.standard_normal((STEPS, 6)), np.arange(STEPS)
    noise[:, 1] *= 1e-6
    noise[:, 2] *= 1e3
    noise[:, 3] *= rng.random(STEPS) < 0.1
    noise[:, 4] *= np.exp(-t / 50)
    noise[:, 5] = np.abs(noise[:, 5]) + 0.1
    return noise


def line() -> tuple[Array, Array]:
    """X and Y (1, 30) of a line with noise."""
    rng = np.random.default_rng(2025)
    X = rng.uniform(-1, 3, (1, 30))
    return X, 2 * X - 1 + 0.5 * rng.standard_normal((1, 30))


def torch_optimizer(kind: str, constants: Constants, parameters: list[Any]) -> Any:
    """torch's optimizer of this kind with our constants under its names."""
    import torch

    named = {"learning_rate": "lr", "epsilon": "eps", "momentum": "momentum", "weight_decay": "weight_decay"}
    options: dict[str, Any] = {named[name]: value for name, value in constants.items() if name in named}
    if "beta1" in constants:
        options["betas"] = constants["beta1"], constants["beta2"]
    if "rho" in constants:
        options["alpha" if kind == "rmsprop" else "rho"] = constants["rho"]
    kinds: dict[str, Callable[..., Any]] = {
        "gradient_descent": torch.optim.SGD,
        "momentum": torch.optim.SGD,
        "nesterov": lambda p, **o: torch.optim.SGD(p, nesterov=o["momentum"] > 0, **o),  # torch refuses μ = 0
        "adagrad": torch.optim.Adagrad,
        "rmsprop": torch.optim.RMSprop,
        "adadelta": torch.optim.Adadelta,
        "adam": torch.optim.Adam,
        "amsgrad": lambda p, **o: torch.optim.Adam(p, amsgrad=True, **o),
        "adamax": torch.optim.Adamax,
        "nadam": torch.optim.NAdam,
        "radam": torch.optim.RAdam,
        "adamw": torch.optim.AdamW,
    }
    return kinds[kind](parameters, **options)


def follow(kind: str, constants: Constants, sequence: Array) -> Array:
    """θ (STEPS, 6) after each step along a sequence of gradients, from ones."""
    import torch

    torch.set_default_dtype(torch.float64)
    theta = torch.ones(sequence.shape[1], requires_grad=True)
    optimizer, path = torch_optimizer(kind, constants, [theta]), []
    for g in sequence:
        theta.grad = torch.tensor(g)
        optimizer.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def fit(kind: str, X: Array, Y: Array) -> Array:
    """(w, b) (LINE_STEPS, 2) of a line fit from (−2, 3), with torch's own derivatives."""
    import torch

    torch.set_default_dtype(torch.float64)
    theta, x, y = torch.tensor([-2.0, 3.0], requires_grad=True), torch.tensor(X), torch.tensor(Y)
    constants = {**CASES[kind][0], "learning_rate": LINE_RATES[kind]}
    optimizer, path = torch_optimizer(kind, constants, [theta]), []
    for _ in range(LINE_STEPS):
        optimizer.zero_grad()
        ((theta[0] * x + theta[1] - y) ** 2).mean().backward()
        optimizer.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def cases() -> Iterator[tuple[str, int]]:
    """Every kind with the number of each of its settings."""
    for kind, settings in CASES.items():
        for number in range(len(settings)):
            yield kind, number


def main() -> None:
    """Write the file."""
    import torch

    sequence, (X, Y) = gradients(), line()
    arrays: dict[str, Any] = {"torch": torch.__version__, "gradients": sequence, "X": X, "Y": Y}
    arrays |= {f"{kind}-{n}": follow(kind, CASES[kind][n], sequence)[KEPT - 1] for kind, n in cases()}
    arrays |= {f"{kind}-line": fit(kind, X, Y)[LINE_KEPT - 1] for kind in CASES}
    np.savez_compressed(FILE, **arrays)


if __name__ == "__main__":
    main()
