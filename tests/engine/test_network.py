from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from app.engine.model import Model
from app.engine.models import deep_network, multivariate_regression, one_hot, two_layer, univariate_regression
from app.engine.network import Network, Pass, with_ones
from app.engine.penalty import Penalty
from tests.engine import reference
from tests.engine.setting import some_data

Array = NDArray[np.float64]


def gradient_of(model: Model, theta: Array) -> tuple[float, Array]:
    g = np.full_like(theta, np.nan)
    with np.errstate(over="ignore"):  # as in a run
        return model.bind(theta, g)(), g


def random_theta(model: Model, seed: int = 1) -> Array:
    return np.random.default_rng(seed).standard_normal(model.layout.size)


def gradients_by_name(model: Model, g: Array) -> dict[str, Any]:
    return {name: np.atleast_2d(value) for name, value in model.layout.unpack(g).items()}


def assert_equations_hold(model: Model, theta: Array, loss: float, gradients: dict[str, Array]) -> None:
    found_loss, g = gradient_of(model, theta)
    assert found_loss == pytest.approx(loss, rel=1e-12)
    found = gradients_by_name(model, g)
    assert found.keys() == gradients.keys()
    for name, expected in gradients.items():
        scale = max(1.0, float(np.abs(expected).max()))
        np.testing.assert_allclose(found[name], expected, atol=1e-12 * scale, err_msg=name)


@given(m=st.integers(1, 40), seed=st.integers(0, 99))
def test_univariate_regression_is_the_line_of_the_text(m: int, seed: int) -> None:
    X, y = some_data(1, m, seed=seed)
    theta = np.random.default_rng(seed).standard_normal(2)
    assert_equations_hold(
        univariate_regression(X, y), theta, *reference.line_gradients(theta[:1, None], theta[1:], X, y)
    )


@given(n=st.integers(1, 12), m=st.integers(1, 40), seed=st.integers(0, 99))
def test_multivariate_regression_is_the_plane_of_the_text(n: int, m: int, seed: int) -> None:
    X, y = some_data(n, m, seed=seed)
    rng = np.random.default_rng(seed)
    w, b = rng.standard_normal((1, n)), rng.standard_normal(1)
    model = multivariate_regression(X, y)
    theta = model.layout.pack({"w": w.tolist(), "b": float(b[0])})
    assert_equations_hold(model, theta, *reference.line_gradients(w, b, X, y))


@given(n=st.integers(1, 5), k=st.integers(1, 6), m=st.integers(1, 30), seed=st.integers(0, 99), sigmoid=st.booleans())
def test_two_layer_models_are_those_of_the_text(n: int, k: int, m: int, seed: int, sigmoid: bool) -> None:
    X, y = some_data(n, m, seed=seed)
    rng = np.random.default_rng(seed)
    W1, b1, w2 = rng.standard_normal((k, n)), rng.standard_normal((k, 1)), rng.standard_normal((1, k))
    b2 = rng.standard_normal((1, 1))
    model = two_layer(X, y, k, "sigmoid" if sigmoid else "identity")
    theta = model.layout.pack({"W1": W1.tolist(), "b1": b1.tolist(), "w2": w2.tolist(), "b2": float(b2[0, 0])})
    assert_equations_hold(model, theta, *reference.two_layer_gradients(W1, b1, w2, b2, X, y, sigmoid=sigmoid))


HIDDEN = [(), (3,), (4, 3), (3, 2, 4)]


def every_combination() -> Iterator[tuple[str, str, str, tuple[int, ...]]]:
    """Activation, output activation, loss, hidden widths: all that may be asked for."""
    for activation in ACTIVATIONS:
        for name, loss in LOSSES.items():
            outputs = [loss.output_activation] if loss.classes else list(ACTIVATIONS)
            for output in outputs:
                yield from (
                    (activation, output, name, hidden) for hidden in HIDDEN if hidden or activation == "identity"
                )


def targets(loss: str, m: int) -> Array:
    """Y (outputs, m): labels where the loss wants them."""
    labels = np.arange(m) % 3
    if loss == "softmax_cross_entropy":
        return one_hot(labels[None].astype(np.float64), 3)
    return np.asarray(labels[None] % 2.0) if loss == "binary_cross_entropy" else some_data(2, m, outputs=2)[1]


def reference_loss(model: Model, theta: NDArray[Any]) -> Any:
    layers = reference.layers_of(model.layout.unpack(theta))
    network, m = model.network, model.examples
    prediction = reference.predict(layers, model.X, network.activation, network.output_activation)
    weights = [W for W, _ in layers]
    penalty = sum(
        model.penalty.l1 * reference.absolute(W).sum() + 0.5 * model.penalty.l2 * (W * W).sum() for W in weights
    )
    return reference.LOSSES[network.loss](prediction, model.Y) / m + penalty


@pytest.mark.parametrize(("activation", "output", "loss", "hidden"), list(every_combination()))
def test_every_gradient_is_that_of_a_complex_step(
    activation: str, output: str, loss: str, hidden: tuple[int, ...]
) -> None:
    X, _ = some_data(2, 9)
    model = deep_network(X, targets(loss, 9), hidden, activation, output, loss, Penalty(l1=0.01, l2=0.1))
    theta = random_theta(model)
    found, g = gradient_of(model, theta)
    assert found == pytest.approx(float(reference_loss(model, theta)), rel=1e-12)
    expected = reference.complex_step(lambda at: reference_loss(model, at), theta)
    np.testing.assert_allclose(g, expected, atol=1e-12 * max(1.0, np.abs(expected).max()))
    assert model.loss(theta) == found


@pytest.mark.parametrize("loss", [name for name, loss in LOSSES.items() if loss.classes])
@pytest.mark.parametrize("size", [30.0, 800.0, 1e6])
def test_cross_entropies_stay_finite_where_the_output_saturates(loss: str, size: float) -> None:
    X = np.array([[1.0, -1.0, 0.5]])
    model = deep_network(X, targets(loss, 3), (), "identity", None, loss, Penalty())
    theta = size * random_theta(model)
    found, g = gradient_of(model, theta)
    assert np.isfinite(found)
    assert np.isfinite(g).all()
    wrong = -theta  # labels far on the wrong side cost about |z| each, they do not saturate
    assert max(found, gradient_of(model, wrong)[0]) > size / 30


def test_the_gradient_at_the_kinks_is_the_documented_side() -> None:
    X, y = np.ones((1, 1)), np.zeros((1, 1))
    for name, slope in (("relu", 0.0), ("leaky_relu", 0.01)):
        model = deep_network(X, y, (1,), name, None, "mean_squared_error", Penalty())
        theta = model.layout.pack({"W1": [[0.0]], "b1": [[0.0]], "W2": [[1.0]], "b2": [[3.0]]})
        assert gradients_by_name(model, gradient_of(model, theta)[1])["b1"] == pytest.approx(6.0 * slope)
    model = deep_network(X, y, (), "identity", None, "mean_absolute_error", Penalty())
    assert gradient_of(model, np.zeros(2))[1].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("activation", ["identity", "sigmoid", "gelu"])
def test_the_order_of_hidden_units_does_not_matter(activation: str) -> None:
    X, y = some_data(3, 20)
    model = two_layer(X, y, 5, activation)
    theta, order = random_theta(model), np.array([3, 0, 4, 1, 2])
    values = {name: np.array(value) for name, value in model.layout.unpack(theta).items()}
    shuffled = {"W1": values["W1"][order], "b1": values["b1"][order], "w2": values["w2"][:, order], "b2": values["b2"]}
    loss, g = gradient_of(model, theta)
    other_loss, other_g = gradient_of(model, model.layout.pack(shuffled))
    assert other_loss == pytest.approx(loss, rel=1e-13)
    plain, moved = gradients_by_name(model, g), gradients_by_name(model, other_g)
    np.testing.assert_allclose(moved["W1"], plain["W1"][order], rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(moved["w2"], plain["w2"][:, order], rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_order_of_examples_and_their_copies_do_not_matter(loss: str) -> None:
    X, _ = some_data(2, 12)
    Y = targets(loss, 12)
    order = np.random.default_rng(5).permutation(12)
    twice = np.concatenate([order, order])

    def answer(columns: NDArray[np.intp]) -> tuple[float, Array]:
        model = deep_network(X[:, columns], Y[:, columns], (3,), "tanh", None, loss, Penalty())
        return gradient_of(model, random_theta(model))

    loss_before, g_before = answer(np.arange(12))
    for columns in (order, twice):
        loss_after, g_after = answer(columns)
        assert loss_after == pytest.approx(loss_before, rel=1e-13)
        np.testing.assert_allclose(g_after, g_before, atol=1e-14)


def test_a_pass_answers_for_what_its_arrays_hold_now() -> None:
    X, y = some_data(2, 8)
    network = Network((2, 3, 1), "sigmoid")
    theta, g, X_bar, Y = np.zeros(13), np.empty(13), with_ones(X), y.copy()
    run = Pass(network, theta, g, X_bar, Y)
    run.loss_and_gradient()
    theta[:] = np.linspace(-1, 1, 13)
    X_bar[:2] *= 2.0
    Y += 1.0
    loss = run.loss_and_gradient()
    fresh_g = np.empty(13)
    assert Pass(network, theta.copy(), fresh_g, X_bar.copy(), Y.copy()).loss_and_gradient() == loss
    assert np.array_equal(g, fresh_g)


def test_data_are_read_and_never_written() -> None:
    X, y = some_data(2, 8)
    X.setflags(write=False)
    y.setflags(write=False)
    model = two_layer(X, y, 3, "sigmoid")
    model.X_bar.setflags(write=False)
    gradient_of(model, random_theta(model))


def test_how_the_data_lie_in_memory_does_not_change_a_bit() -> None:
    X, y = some_data(5, 40)
    theta = random_theta(two_layer(X, y, 3, "sigmoid"))
    one, other = (two_layer(inputs, y, 3, "sigmoid") for inputs in (X, np.asfortranarray(X)))
    assert gradient_of(one, theta)[0] == gradient_of(other, theta)[0]
    assert np.array_equal(gradient_of(one, theta)[1], gradient_of(other, theta)[1])


def test_the_answer_of_a_network_is_its_output_row_without_ones() -> None:
    X, y = some_data(2, 8)
    model = two_layer(X, y, 3, "sigmoid")
    theta = random_theta(model)
    layers = reference.layers_of(model.layout.unpack(theta))
    expected = reference.predict(layers, X, "sigmoid", "identity")
    np.testing.assert_allclose(model.predict(theta, X), expected, rtol=1e-13)
    np.testing.assert_allclose(model.predict(theta, X[:, :3]), expected[:, :3], rtol=1e-13)


def test_the_size_of_a_network_counts_every_weight_and_bias() -> None:
    assert Network((2, 4, 1)).size == 4 * 2 + 4 + 4 + 1
    assert Network((3,) + (5,) * 3 + (2,)).size == 3 * 5 + 5 + 2 * (25 + 5) + 5 * 2 + 2
