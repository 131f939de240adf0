import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.optimizers import Adagrad, GradientDescent, Momentum, Settings
from app.engine.plan import Plan
from app.engine.run import Run
from app.engine.schedules import Constant
from app.engine.studies.crowd import Outcome
from app.engine.studies.sweep import Sweep, SweepMap, log_range, momentum_range, swept
from tests.engine.bowl import Bowl

Array = NDArray[np.float64]

VALLEY = Bowl((1.0, 25.0))
START = np.array([1.0, 1.0])


def finished(optimizer: Momentum | Adagrad, rates: Array, momenta: Array | None, steps: int = 60) -> SweepMap:
    study = Sweep(VALLEY, Settings(optimizer=optimizer, schedule=Constant()), 0, START, rates, momenta, steps)
    for _ in study.work():
        pass
    return study.result()


def test_a_sweep_diverges_beyond_the_stability_limit_of_the_heavy_ball() -> None:
    """2(1 + μ)/λ_max, Polyak 1964; near it a run needs more steps than these to leave."""
    rates, momenta = log_range(0.01, 1.0, 30), momentum_range(0.0, 0.9, 12)
    found = finished(Momentum(), rates, momenta, 2000)
    limits = 2.0 * (1.0 + momenta) / 25.0
    for row, limit in enumerate(limits.tolist()):
        assert (found.outcome[row, rates > 1.1 * limit] == Outcome.DIVERGED).all()
        assert (found.outcome[row, rates < 0.99 * limit] == Outcome.ON_THE_WAY).all()


def test_the_best_cell_is_near_the_best_heavy_ball() -> None:
    """η = (2/(√λ₁+√λₙ))², μ = ((√κ−1)/(√κ+1))² for long runs: 1/9 and 4/9 for eigenvalues 1 and 25."""
    rates, momenta = log_range(0.01, 1.0, 41), momentum_range(0.0, 0.95, 41)
    found = finished(Momentum(), rates, momenta, 300)
    losses = np.where(found.outcome == Outcome.DIVERGED, np.inf, found.losses)
    row, column = np.unravel_index(losses.argmin(), losses.shape)
    assert rates[column] == pytest.approx(1 / 9, rel=0.25)
    assert momenta[row] == pytest.approx(4 / 9, abs=0.1)


def test_no_momentum_is_plain_descent_to_the_last_bit() -> None:
    rates = log_range(0.001, 0.07, 5)
    found = finished(swept(GradientDescent()), rates, np.array([0.0, 0.5]))  # type: ignore[arg-type]  # it is Momentum
    for column, rate in enumerate(rates.tolist()):
        plain = Settings(optimizer=GradientDescent(learning_rate=rate), schedule=Constant())
        run = Run(VALLEY, Plan(START, plain))
        run.advance(60)
        assert found.losses[0, column] == run.state.loss


def test_a_method_without_momentum_has_one_row() -> None:
    found = finished(Adagrad(), log_range(0.01, 1.0, 9), None)
    assert found.losses.shape == (1, 9)
    assert len(set(found.losses[0].tolist())) == 9


def test_ranges_end_where_they_are_asked_to() -> None:
    assert log_range(0.003, 0.7, 11)[[0, -1]].tolist() == [0.003, 0.7]
    assert momentum_range(0.1, 0.997, 11)[[0, -1]].tolist() == [0.1, 0.997]
    ratios = np.diff(np.log(1.0 - momentum_range(0.0, 0.99, 9)))
    np.testing.assert_allclose(ratios, ratios[0])
