import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.models import deep_network, two_layer
from app.engine.penalty import Penalty
from app.engine.starts import STARTS, Constant, He, Normal, Start, Uniform, Values, Xavier, Zeros
from tests.engine.setting import some_data

X, Y = some_data(3, 5)
TWO_LAYER = two_layer(X, Y, 4, "sigmoid").layout
WIDE = deep_network(*some_data(40, 5, outputs=60), (80,), "relu", None, "mean_squared_error", Penalty()).layout


def drawn() -> list[type[Start]]:
    return [start for start in STARTS if start is not Values]


@pytest.mark.parametrize("kind", drawn())
def test_the_same_seed_gives_the_same_start_and_another_gives_another_where_it_is_drawn(kind: type[Start]) -> None:
    start = kind()
    assert np.array_equal(start.theta(TWO_LAYER, 3), start.theta(TWO_LAYER, 3))
    same = np.array_equal(start.theta(TWO_LAYER, 3), start.theta(TWO_LAYER, 4))
    assert same == (kind in (Zeros, Constant))


def test_values_are_taken_as_they_are() -> None:
    values = {"W1": X[:, :4].T.tolist(), "b1": [[1.0], [2.0], [3.0], [4.0]], "w2": [[5.0, 6.0, 7.0, 8.0]], "b2": 9.0}
    assert TWO_LAYER.unpack(Values(values=values).theta(TWO_LAYER, 0)) == values


def test_zeros_and_constants_are_the_same_everywhere() -> None:
    assert not Zeros().theta(TWO_LAYER, 0).any()
    assert set(Constant(value=0.25).theta(TWO_LAYER, 0).tolist()) == {0.25}


@pytest.mark.parametrize("kind", [Normal, Uniform])
def test_drawn_values_follow_the_order_that_clients_see(kind: type[Normal] | type[Uniform]) -> None:
    flat = kind(scale=2.0).theta(TWO_LAYER, 7)[TWO_LAYER.order]
    random = np.random.default_rng([7, 0, 0])
    expected = 2.0 * random.standard_normal(21) if kind is Normal else random.uniform(-2.0, 2.0, 21)
    assert np.array_equal(flat, expected)


def weights(theta: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    return np.array(WIDE.unpack(theta)[name])


@pytest.mark.parametrize(("name", "fan_in", "fan_out"), [("W1", 40, 80), ("W2", 80, 60)])
def test_layered_starts_have_the_spread_their_papers_ask_for(name: str, fan_in: int, fan_out: int) -> None:
    xavier, he = weights(Xavier().theta(WIDE, 0), name), weights(He().theta(WIDE, 0), name)
    limit = np.sqrt(6 / (fan_in + fan_out))
    assert 0.98 * limit < np.abs(xavier).max() <= limit
    assert xavier.var() == pytest.approx(2 / (fan_in + fan_out), rel=0.05)
    assert he.var() == pytest.approx(2 / fan_in, rel=0.05)


@pytest.mark.parametrize("start", [Xavier(), He()])
def test_layered_starts_leave_the_biases_at_nought(start: Start) -> None:
    theta = start.theta(WIDE, 0)
    assert not weights(theta, "b1").any()
    assert not weights(theta, "b2").any()
    assert weights(theta, "W1").all()


@pytest.mark.parametrize("kind", STARTS)
def test_every_start_has_a_formula_and_a_reference(kind: type[Start]) -> None:
    assert kind.formula
    assert kind.reference
