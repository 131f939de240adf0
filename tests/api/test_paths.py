"""Paths of 200 steps through the API against the equations of the texts."""

from typing import Any

import numpy as np
import pytest

from tests.api.naive import Array, Walk, assert_close, loss_and_gradients, matrices
from tests.service import Handle, Json, Service

STEPS = 200


def data(features: int, examples: int, seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1.5, 1.5, (features, examples))
    return X, np.sin(X.sum(axis=0, keepdims=True)) + 0.2 * rng.standard_normal((1, examples))


def values_for(kind: str, features: int, hidden: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    if kind == "univariate_regression":
        return {"w": float(rng.normal()), "b": float(rng.normal())}
    if kind == "multivariate_regression":
        return {"w": rng.normal(size=(1, features)).tolist(), "b": float(rng.normal())}
    shapes = {"W1": (hidden, features), "b1": (hidden, 1), "w2": (1, hidden)}
    return {name: rng.normal(size=shape).tolist() for name, shape in shapes.items()} | {"b2": float(rng.normal())}


MODELS = {  # features, examples, units, a rate that descends
    "univariate_regression": (1, 20, 0, 0.2),
    "multivariate_regression": (5, 60, 0, 0.1),
    "two_layer_linear": (3, 40, 3, 0.02),
    "two_layer_sigmoid": (2, 50, 4, 0.1),
}
OPTIMIZERS = {"gradient_descent": 0.0, "momentum": 0.8}


def begin(
    service: Service, kind: str, optimizer: str, size: int | None, seed: int = 3, **recipe: Any
) -> tuple[Handle, Walk]:
    """A session and the walk it has to take."""
    features, examples, hidden, rate = MODELS[kind]
    X, y = data(features, examples, seed)
    values = values_for(kind, features, hidden, seed)
    rate = rate if optimizer == "gradient_descent" else rate / 5
    settings: Json = {"optimizer": {"kind": optimizer, "learning_rate": rate}, "batch_size": size}
    if optimizer == "momentum":
        settings["optimizer"]["momentum"] = OPTIMIZERS[optimizer]
    problem: Json = {"dataset": {"kind": "inline", "X": X.tolist(), "y": y[0].tolist()}}
    if hidden:
        problem["hidden"] = hidden
    start = {"kind": "values", "values": values}
    handle = service.start(kind, problem=problem, seed=seed, start=start, runs=[settings], **recipe)
    return handle, Walk(kind, matrices(values), X, y, rate, OPTIMIZERS[optimizer], size, seed)


@pytest.mark.parametrize("size", [None, 1, 7, 1000])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("kind", MODELS)
def test_two_hundred_steps_are_those_of_the_equations(
    service: Service, kind: str, optimizer: str, size: int | None
) -> None:
    session, walk = begin(service, kind, optimizer, size)
    walk.step(STEPS)
    (run,) = session.step(STEPS)["runs"]
    path = session.get("/trajectory")["runs"][0]["trajectory"]
    assert path["step"] == list(range(STEPS + 1))
    assert_close(path["loss"], walk.losses)
    assert_close(path["gradient_norm"], walk.norms)
    assert_close(path["x"], [theta[0] for theta in walk.thetas])
    assert_close(path["y"], [theta[1] for theta in walk.thetas])
    assert_close(run["parameters"], walk.thetas[-1])
    assert walk.losses[-1] < walk.losses[0]


@pytest.mark.parametrize("size", [None, 7])
@pytest.mark.parametrize("kind", MODELS)
def test_what_is_read_at_each_step_is_what_the_equations_say(service: Service, kind: str, size: int | None) -> None:
    session, walk = begin(service, kind, "gradient_descent", size)
    examples = walk.X.shape[1]
    session.step(STEPS)
    walk.step(STEPS)
    for step in (0, 1, 5, 6, 33, 150, STEPS):
        (run,) = session.get(step=step)["runs"]
        assert_close(run["parameters"], walk.thetas[step])
        assert_close([run["loss"], run["gradient_norm"]], [walk.losses[step], walk.norms[step]])
        seen = walk.batch_losses[step]
        assert run["batch_loss"] is None if seen is None else run["batch_loss"] == pytest.approx(seen, rel=1e-10)
        per_epoch = 1 if size is None else -(-examples // size)
        whole, rest = divmod(step, per_epoch)
        assert run["epoch"] == pytest.approx(whole + rest * (size or 0) / examples, abs=1e-12)
        samples = step * examples if size is None else whole * examples + rest * size
        assert run["evaluations"] == {"loss": 0, "gradient": step, "samples": samples}


@pytest.mark.parametrize("kind", MODELS)
def test_gradients_by_name_are_those_of_the_equations(service: Service, kind: str) -> None:
    session, walk = begin(service, kind, "gradient_descent", None)
    session.step(40)
    for step in (0, 40):
        shown = session.get("/parameters", step=step)
        values = matrices(shown["values"])
        _, gradients = loss_and_gradients(kind, values, walk.X, walk.y)
        assert list(shown["gradient"]) == list(shown["values"]) == list(walk.values)
        for name, gradient in matrices(shown["gradient"]).items():
            assert_close(gradient.ravel(), gradients[name].reshape(gradient.shape).ravel())


@pytest.mark.parametrize("kind", MODELS)
def test_parameters_have_the_shapes_of_the_table_and_its_order(service: Service, kind: str) -> None:
    session, walk = begin(service, kind, "gradient_descent", None)
    features, _, hidden, _ = MODELS[kind]
    shapes = {
        "univariate_regression": [("w", []), ("b", [])],
        "multivariate_regression": [("w", [1, features]), ("b", [])],
    }.get(kind, [("W1", [hidden, features]), ("b1", [hidden, 1]), ("w2", [1, hidden]), ("b2", [])])
    assert [(one["name"], one["shape"]) for one in session.get()["parameters"]] == shapes
    values = session.get("/parameters")["values"]
    assert [(name, list(np.shape(value))) for name, value in values.items()] == shapes
    assert session.get()["runs"][0]["parameters"] == np.concatenate([np.ravel(v) for v in values.values()]).tolist()
    assert_close(session.get()["runs"][0]["parameters"], walk.thetas[0], 0.0)


@pytest.mark.parametrize("gradient", ["forward_difference", "central_difference"])
@pytest.mark.parametrize("kind", MODELS)
def test_differences_lead_along_the_same_path_and_cost_a_loss_for_each_parameter(
    service: Service, kind: str, gradient: str
) -> None:
    session, walk = begin(service, kind, "gradient_descent", 7)
    session.patch({"runs": [{"name": "run 1", "gradient": gradient}]})
    (run,) = session.step(30)["runs"]
    walk.step(30)
    assert_close(run["parameters"], walk.thetas[-1], 1e-5 if gradient == "forward_difference" else 1e-8)
    size = len(walk.thetas[0])
    each = size + 1 if gradient == "forward_difference" else 2 * size
    assert (run["evaluations"]["loss"], run["evaluations"]["gradient"]) == (30 * each, 0)


@pytest.mark.parametrize("kind", MODELS)
def test_parameters_set_by_hand_are_a_step(service: Service, kind: str) -> None:
    session, walk = begin(service, kind, "momentum", None)
    session.step(10)
    walk.step(10)
    name = next(iter(walk.values))
    value = walk.values[name] + 0.5
    shown = {one["name"]: one["shape"] for one in session.get()["parameters"]}[name]
    body = {"runs": [{"name": "run 1", "parameters": {name: value.reshape(shown).tolist()}}]}
    assert session.patch(body)["step"] == 11
    walk.put({name: value})
    session.step(9)
    walk.step(9)
    path = session.get("/trajectory")["runs"][0]["trajectory"]
    assert path["step"] == list(range(21))
    assert_close(path["loss"], walk.losses)
    assert_close(session.get()["runs"][0]["parameters"], walk.thetas[-1])


def test_a_change_of_the_learning_rate_acts_from_its_step_on(service: Service) -> None:
    session, walk = begin(service, "two_layer_sigmoid", "momentum", 7)
    session.step(25)
    walk.step(25)
    session.patch({"runs": [{"name": "run 1", "optimizer": {"learning_rate": 0.005}}]})
    walk.rate = 0.005
    session.step(25)
    walk.step(25)
    assert_close(session.get("/trajectory")["runs"][0]["trajectory"]["loss"], walk.losses)


def test_the_loss_of_test_examples_is_theirs_alone(service: Service) -> None:
    session = service.start("two_layer_sigmoid", problem={"dataset": {"kind": "curve", "test_fraction": 0.3}})
    session.step(30)
    shown = session.get("/data")
    X, y, test = np.array(shown["X"]), np.array(shown["y"]), shown["test"]
    train = [index for index in range(100) if index not in test]
    assert len(test) == 30
    values = matrices(session.get("/parameters")["values"])
    (run,) = session.get()["runs"]
    assert run["loss"] == pytest.approx(
        loss_and_gradients("two_layer_sigmoid", values, X[:, train], y[:, train])[0], rel=1e-12
    )
    assert run["test_loss"] == pytest.approx(
        loss_and_gradients("two_layer_sigmoid", values, X[:, test], y[:, test])[0], rel=1e-12
    )
