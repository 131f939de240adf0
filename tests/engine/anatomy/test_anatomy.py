from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.anatomy import Anatomy, Quantity, anatomy
from app.engine.anatomy.update import RECIPES
from app.engine.functions.bowls import QuadraticBowl
from app.engine.functions.valleys import Rosenbrock
from app.engine.gradients import GRADIENTS
from app.engine.model import Model
from app.engine.models import deep_network, multivariate_regression, one_hot, two_layer, univariate_regression
from app.engine.objective import Objective
from app.engine.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum, NelderMead
from app.engine.penalty import Penalty
from app.engine.plan import ByHand, Event
from app.engine.plane_objective import PlaneObjective
from app.engine.run import Run
from tests.engine import reference
from tests.engine.setting import assert_same_state, random_start, run_from, some_data

Array = NDArray[np.float64]
KINDS: list[Any] = list(OPTIMIZERS)

X, y = some_data(2, 15)
LABELS = one_hot((np.arange(15) % 3)[None].astype(np.float64), 3)
SIGMOID = two_layer(X, y, 3, "sigmoid")
OBJECTIVES: dict[str, Objective] = {
    "line": univariate_regression(X[:1], y),
    "plane": multivariate_regression(X, y),
    "two_layer_linear": two_layer(X, y, 3, "identity"),
    "two_layer_sigmoid": SIGMOID,
    "deep": deep_network(X, y, (4, 3, 2), "tanh", "sigmoid", "huber", Penalty(l1=0.01, l2=0.1)),
    "classes": deep_network(X, LABELS, (4,), "gelu", None, "softmax_cross_entropy", Penalty()),
    "function": PlaneObjective(QuadraticBowl()),
}


def by_id(found: Anatomy) -> dict[str, Quantity]:
    return {quantity.id: quantity for quantity in found.quantities}


def values(found: Anatomy) -> dict[str, Array]:
    return {quantity.id: quantity.values for quantity in found.quantities}


def put_together(objective: Objective, found: dict[str, Array], prefix: str = "", suffix: str = "") -> Array:
    """θ (P,) from the quantities of every block, in either notation."""
    if f"{prefix}W_bar0{suffix}" not in found:
        named = {name: found[f"{prefix}{name}{suffix}"].tolist() for name in objective.layout.names}
        return objective.layout.pack(named)
    assert isinstance(objective, Model)
    layers = range(len(objective.network.shapes))
    return np.concatenate([found[f"{prefix}W_bar{layer}{suffix}"].ravel() for layer in layers])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("batch_size", [None, 4])
@pytest.mark.parametrize("folded", [True, False])
def test_the_anatomy_is_that_of_the_step_the_run_takes_next(
    kind: Any, name: str, batch_size: int | None, folded: bool
) -> None:
    objective, size = OBJECTIVES[name], batch_size if kind.batches else None
    run = run_from(objective, 0.1 * random_start(objective), kind(), batch_size=size)
    for _ in range(4):
        before = run.state.copy()
        found = anatomy(objective, run.plan, run.state, folded=folded)
        assert_same_state(run.state, before)
        run.advance(1)
        told = values(found)
        assert np.array_equal(put_together(objective, told), before.theta)
        assert np.array_equal(put_together(objective, told, "next[", "]"), run.state.theta)
        there = before.theta + put_together(objective, told, "change[", "]")
        ulp = np.spacing(np.maximum(np.abs(there), np.abs(before.theta)))
        assert (np.abs(there - run.state.theta) <= ulp).all()
        if run.state.batch_loss is not None:
            assert told["loss"] == pytest.approx(run.state.batch_loss, rel=1e-12)
        if size is None or name == "function":
            assert found.batch is None or name == "function"
            assert told["loss"] == before.loss


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("folded", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_every_quantity_has_one_id_and_comes_after_what_it_was_made_of(name: str, folded: bool, kind: Any) -> None:
    objective = OBJECTIVES[name]
    run = run_from(objective, 0.1 * random_start(objective), kind())
    run.advance(2)
    seen: set[str] = set()
    parts: list[str] = []
    for quantity in anatomy(objective, run.plan, run.state, folded=folded).quantities:
        assert set(quantity.made_of) <= seen, quantity.id
        assert quantity.id not in seen
        assert quantity.name.symbol
        assert quantity.name.latex.count("{") == quantity.name.latex.count("}")
        assert quantity.shape == quantity.values.shape
        seen.add(quantity.id)
        parts.append(quantity.part)
    assert parts == sorted(parts, key=["forward", "backward", "update"].index)


@pytest.mark.parametrize("name", ["two_layer_linear", "two_layer_sigmoid"])
@pytest.mark.parametrize("batch_size", [None, 4])
def test_weights_and_biases_apart_are_the_equations_of_the_second_text(name: str, batch_size: int | None) -> None:
    model = OBJECTIVES[name]
    assert isinstance(model, Model)
    run = run_from(model, random_start(model), batch_size=batch_size)
    run.advance(1)
    found = anatomy(model, run.plan, run.state, folded=False)
    told, columns = values(found), slice(None) if found.batch is None else found.batch
    inputs, outputs = model.X[:, columns], model.Y[:, columns]
    W1, b1, w2, b2 = (np.atleast_2d(value) for value in model.layout.unpack(run.state.theta).values())
    sigmoid = name == "two_layer_sigmoid"
    loss, gradients = reference.two_layer_gradients(W1, b1, w2, b2, inputs, outputs, sigmoid=sigmoid)
    Z = W1 @ inputs + b1
    expected = {"X": inputs, "Z": Z, "loss": loss, "target": outputs}
    expected |= {f"d{key}": value for key, value in gradients.items()}
    A = 1 / (1 + np.exp(-Z)) if sigmoid else Z
    residual = w2 @ A + b2 - outputs
    delta = w2.T @ (2 / inputs.shape[1] * residual) * (A * (1 - A) if sigmoid else 1)
    expected |= {"prediction": w2 @ A + b2, "residual": residual, "delta": delta}
    expected |= {"A": A, "slope_Z": A * (1 - A)} if sigmoid else {}
    for key, value in expected.items():
        np.testing.assert_allclose(np.squeeze(told[key]), np.squeeze(value), rtol=1e-12, atol=1e-14, err_msg=key)
    assert "A" in told if sigmoid else "A" not in told, "what is the same is not shown twice"


@pytest.mark.parametrize("name", ["plane", "two_layer_sigmoid", "deep", "classes"])
def test_the_bias_folded_in_is_the_recursion_of_the_first_text(name: str) -> None:
    model = OBJECTIVES[name]
    assert isinstance(model, Model)
    run = run_from(model, random_start(model), batch_size=6)
    told = values(anatomy(model, run.plan, run.state))
    last = len(model.network.shapes)
    for layer in range(last):
        W_bar, X_bar, psi = told[f"W_bar{layer}"], told[f"X_bar{layer}"], told[f"psi{layer + 1}"]
        assert np.array_equal(X_bar[-1], np.ones(6))
        if f"Z{layer + 1}" in told:
            np.testing.assert_allclose(told[f"Z{layer + 1}"], W_bar @ X_bar, rtol=1e-13)
        gradient = psi @ X_bar.T
        gradient[:, :-1] += model.penalty.l1 * np.sign(W_bar[:, :-1]) + model.penalty.l2 * W_bar[:, :-1]
        np.testing.assert_allclose(told[f"dW_bar{layer}"], gradient, rtol=1e-12, atol=1e-15)
        if layer:
            below = W_bar[:, :-1].T @ psi * told[f"slope_Z{layer}"]
            np.testing.assert_allclose(told[f"psi{layer}"], below, rtol=1e-12, atol=1e-16)
            f = reference.ACTIVATIONS[model.network.activation]
            np.testing.assert_allclose(X_bar[:-1], f(told[f"Z{layer}"]), rtol=1e-12)
            slope = f(told[f"Z{layer}"] + 1e-30j).imag / 1e-30
            np.testing.assert_allclose(told[f"slope_Z{layer}"], slope, rtol=1e-10, atol=1e-14)
    expected = reference.complex_step(
        lambda at: reference.LOSSES[model.network.loss](
            reference.ACTIVATIONS[model.network.output_activation](at.reshape(told["prediction"].shape)),
            told["target"],
        ),
        (told[f"W_bar{last - 1}"] @ told[f"X_bar{last - 1}"]).ravel(),
    )
    np.testing.assert_allclose(told[f"psi{last}"].ravel(), expected / 6, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "P" in RECIPES.get(kind().kind, ("", {}))[1]])
@pytest.mark.parametrize("steps", [0, 1, 9])
def test_an_adaptive_step_is_divided_by_the_scaling_shown(kind: Any, steps: int) -> None:
    optimizer = kind()
    run = run_from(SIGMOID, random_start(SIGMOID), optimizer)
    run.advance(steps)
    told = values(anatomy(SIGMOID, run.plan, run.state))
    for block in ("W_bar0", "W_bar1"):
        direction = told[f"m[{block}]"] if f"m[{block}]" in told else told[f"d{block}"]
        change = -told["learning_rate"] * direction / told[f"scaling[{block}]"]
        change -= told["learning_rate"] * getattr(optimizer, "weight_decay", 0.0) * told[block]
        np.testing.assert_allclose(told[f"change[{block}]"], change, rtol=1e-9, atol=1e-15)


def test_the_velocity_shown_is_that_of_the_formula() -> None:
    run = run_from(SIGMOID, random_start(SIGMOID), Momentum(learning_rate=0.1, momentum=0.7))
    run.advance(3)
    told = values(anatomy(SIGMOID, run.plan, run.state))
    v = 0.7 * told["v_before[W_bar0]"] + told["dW_bar0"]
    np.testing.assert_allclose(told["v[W_bar0]"], v, rtol=1e-14)
    np.testing.assert_allclose(told["change[W_bar0]"], -0.1 * v, rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_of_memory_has_a_letter(kind: Any) -> None:
    if not hasattr(kind, "slots") or kind().memory_rows(7) != kind.slots:
        return  # a matrix or a simplex
    assert len(RECIPES.get(kind().kind, ("", {}))[0].split()) == kind.slots


@pytest.mark.parametrize("gradient", [name for name in GRADIENTS if name != "backprop"])
def test_a_gradient_by_differences_has_no_backward_pass(gradient: str) -> None:
    run = run_from(SIGMOID, random_start(SIGMOID), batch_size=4, gradient=gradient)
    found = by_id(anatomy(SIGMOID, run.plan, run.state))
    assert [quantity.id for quantity in found.values() if quantity.part == "backward"] == ["dW_bar0", "dW_bar1"]
    assert found["dW_bar0"].made_of == ("loss", "W_bar0")
    before = run.state.theta.copy()
    run.advance(1)
    g = np.concatenate([found[f"dW_bar{layer}"].values.ravel() for layer in (0, 1)])
    np.testing.assert_allclose(run.state.theta, before - 0.1 * g, rtol=1e-14)


def test_a_method_without_a_gradient_shows_none() -> None:
    run = run_from(SIGMOID, random_start(SIGMOID), NelderMead())
    run.advance(1)
    found = by_id(anatomy(SIGMOID, run.plan, run.state))
    assert "backward" not in {quantity.part for quantity in found.values()}
    assert found["change[W_bar0]"].made_of == ("loss",)
    assert "learning_rate" not in found


def test_parameters_set_by_hand_are_the_whole_step() -> None:
    plan = run_from(SIGMOID, random_start(SIGMOID), GradientDescent()).plan
    place = SIGMOID.layout.index("b2")
    run = Run(SIGMOID, replace(plan, events=[Event(3, by_hand=ByHand(np.array([place]), np.array([7.0])))]))
    run.advance(3)
    found = by_id(anatomy(SIGMOID, run.plan, run.state, folded=False))
    assert found["next[b2]"].values == 7.0
    assert not found["change[W1]"].values.any()
    assert {quantity.part for quantity in found.values()} == {"forward", "update"}


def test_a_function_has_parameters_loss_and_gradient() -> None:
    objective = PlaneObjective(Rosenbrock())
    run = run_from(objective, np.array([1.25, -0.75]), GradientDescent(learning_rate=1e-4))
    told = values(anatomy(objective, run.plan, run.state))
    assert told["loss"] == pytest.approx(534.828125)
    assert (told["dx"], told["dy"]) == pytest.approx((1156.75, -462.5))
    assert told["next[x]"] == pytest.approx(1.25 - 0.115675)


def test_a_step_that_a_run_does_not_take_is_not_shown() -> None:
    run = run_from(PlaneObjective(Rosenbrock()), np.array([1e75, 1.0]), Adam(learning_rate=100.0))
    assert np.isfinite(run.state.gradient).all()
    found = by_id(anatomy(run.objective, run.plan, run.state))
    assert all(np.isfinite(quantity.values).all() for quantity in found.values())
    assert {quantity.part for quantity in found.values()} == {"forward", "backward"}


def test_another_optimizer_that_takes_over_begins_with_nothing_remembered() -> None:
    plan = run_from(SIGMOID, random_start(SIGMOID), GradientDescent()).plan
    later = replace(plan.settings, optimizer=Momentum(learning_rate=0.1))
    run = Run(SIGMOID, replace(plan, events=[Event(2, settings=later)]))
    run.advance(2)
    told = values(anatomy(SIGMOID, run.plan, run.state))
    assert not told["v_before[W_bar0]"].any()
    assert np.array_equal(told["v[W_bar0]"], told["dW_bar0"])
