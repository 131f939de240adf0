import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.expressions.expression import Expression
from app.engine.functions import FUNCTIONS, Function
from app.engine.models import two_layer, univariate_regression
from app.engine.objective import Objective
from app.engine.optimizers import Adam, GradientDescent, Settings
from app.engine.plane_objective import PlaneObjective
from app.engine.planes import named_plane
from app.engine.schedules import Constant
from app.engine.studies import cells
from app.engine.studies.basins import BasinMap, Basins
from app.engine.studies.cells import coarse_to_fine
from app.engine.studies.crowd import Outcome
from app.engine.studies.minima import NO_MINIMUM
from app.engine.windows import Window
from tests.engine.setting import some_data

Array = NDArray[np.float64]

ADAM = Settings(optimizer=Adam(learning_rate=0.1), schedule=Constant())
WINDOW = (-3.0, 3.0, -3.0, 3.0)


def basins(objective: Objective, settings: Settings = ADAM, window: Window = WINDOW, **more: float) -> Basins:
    plane = named_plane(np.full(objective.layout.size, 0.3), 0, 1, "x", "y")
    asked = {"resolution": 21, "steps": 500, "tolerance": 1e-4, **more}
    return Basins(objective, settings, 0, plane, window, **asked)  # type: ignore[arg-type]  # numbers of both kinds


def finished(study: Basins) -> BasinMap:
    for _ in study.work():
        pass
    return study.result()


def function(name: str) -> PlaneObjective:
    return PlaneObjective(FUNCTIONS[name]())


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (7, 7), (41, 41), (101, 3)])
def test_every_cell_is_made_once_and_the_first_ones_lie_all_over(shape: tuple[int, int]) -> None:
    levels = list(coarse_to_fine(*shape))
    order = np.concatenate(levels)
    assert sorted(order.tolist()) == list(range(shape[0] * shape[1]))
    rows, columns = np.divmod(levels[0], shape[1])
    assert rows.max() >= (shape[0] - 1) * 0.6
    assert columns.max() >= (shape[1] - 1) * 0.6
    assert len(levels[0]) <= 121


@pytest.mark.parametrize("name", ["himmelblau", "styblinski_tang", "two_wells", "three_hump_camel"])
def test_the_minima_that_theory_knows_are_found_where_they_are_and_no_others(name: str) -> None:
    kind: type[Function] = FUNCTIONS[name]
    found = finished(basins(PlaneObjective(kind()), window=kind.window))
    minima = [one for one in found.minima if one.kind == "minimum"]
    assert {(one.x, one.y, one.loss) for one in minima} == {(m.x, m.y, m.value) for m in kind().minima}
    assert [one.loss for one in found.minima] == sorted(one.loss for one in found.minima)


def test_a_start_near_a_minimum_falls_to_it() -> None:
    found = finished(basins(function("himmelblau"), window=(-5.0, 5.0, -5.0, 5.0), resolution=41))
    for place, minimum in enumerate(found.minima):
        assert minimum.x is not None
        assert minimum.y is not None
        row, column = np.abs(found.y - minimum.y).argmin(), np.abs(found.x - minimum.x).argmin()
        assert found.minimum[row, column] == place
        assert found.steps[row, column] < 300


def test_plain_descent_in_two_wells_keeps_to_its_side_of_the_saddle_on_the_axis() -> None:
    """f(x, 0) falls to the left of the saddle at x = 0.0686 and to the right of it; y stays 0 by symmetry."""
    study = basins(function("two_wells"), Settings(optimizer=GradientDescent(learning_rate=0.01), schedule=Constant()))
    found = finished(study)
    middle = found.minimum[10]
    assert found.y[10] == 0.0
    to_the_left = [one.x is not None and one.x < 0.0 for one in found.minima].index(True)
    assert ((middle == to_the_left) == (found.x < 0.0686)).all()


def test_an_unknown_minimum_of_a_typed_function_is_found_to_the_last_digits() -> None:
    """(x² − 2)² + (y − 1)² has minima at (±√2, 1) and a saddle at (0, 1)."""
    found = finished(basins(PlaneObjective(Expression("(x^2 - 2)^2 + (y - 1)^2"))))
    minima = [one for one in found.minima if one.kind == "minimum"]
    assert sorted(one.x for one in minima if one.x is not None) == pytest.approx([-np.sqrt(2), np.sqrt(2)], abs=1e-12)
    assert [one.y for one in minima] == pytest.approx([1.0, 1.0], abs=1e-12)
    assert all(one.known is None for one in minima)


def test_a_valley_is_one_level_not_a_row_of_minima() -> None:
    found = finished(basins(PlaneObjective(Expression("(x - 1)^2"))))
    assert [one.kind for one in found.minima] == ["level"]
    assert found.minima[0].loss == pytest.approx(0.0, abs=1e-6)
    assert (found.minimum == 0).all()


def test_a_start_that_stays_on_a_saddle_is_said_to_be_there() -> None:
    found = finished(basins(function("saddle"), window=(-1.0, 1.0, -1.0, 1.0)))
    row = np.abs(found.y).argmin()
    places = {int(place) for place in found.minimum[row]}
    assert {found.minima[place].kind for place in places} == {"saddle"}


def test_runs_that_leave_or_are_still_under_way_have_no_minimum() -> None:
    plain = Settings(optimizer=GradientDescent(learning_rate=0.02), schedule=Constant())
    found = finished(basins(function("himmelblau"), plain, (-6.0, 6.0, -6.0, 6.0), steps=30))
    assert set(np.unique(found.outcome)) == {Outcome.DIVERGED, Outcome.ON_THE_WAY, Outcome.ARRIVED}
    assert ((found.minimum == NO_MINIMUM) == (found.outcome != Outcome.ARRIVED)).all()


def test_a_line_fit_has_one_level_its_optimum() -> None:
    line = univariate_regression(*some_data(1, 20))
    assert line.optimum is not None
    found = finished(basins(line, tolerance=1e-6))
    assert [one.known for one in found.minima] == ["optimum"]
    assert found.minima[0].loss == pytest.approx(line.optimum.loss, rel=1e-6)


def test_a_network_is_told_by_its_losses() -> None:
    sigmoid = two_layer(*some_data(1, 20), 2, "sigmoid")
    found = finished(basins(sigmoid, steps=1500, resolution=7, tolerance=1e-2))
    arrived = found.outcome == Outcome.ARRIVED
    assert arrived.any()
    assert all(one.kind == "level" and one.x is None for one in found.minima)
    for place, one in enumerate(found.minima):
        assert found.losses[found.minimum == place].min() == one.loss


def test_what_is_known_on_the_way_is_part_of_what_is_known_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "BATCH_WORK", 40)
    study, shares = basins(function("himmelblau"), resolution=9), list[float]()
    seen = []
    for share in study.work():
        if not shares or share - shares[-1] > 0.2:
            seen.append(study.result())
        shares.append(share)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    last = study.result()
    for earlier in seen:
        known = earlier.outcome != Outcome.NOT_YET
        assert np.array_equal(earlier.losses[known], last.losses[known])
        assert np.isnan(earlier.losses[~known]).all()
    assert (last.outcome != Outcome.NOT_YET).all()


def test_the_size_of_a_batch_changes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = finished(basins(function("himmelblau"), resolution=9))
    monkeypatch.setattr(cells, "BATCH_WORK", 7)
    parts = finished(basins(function("himmelblau"), resolution=9))
    assert np.array_equal(whole.losses, parts.losses)
    assert np.array_equal(whole.steps, parts.steps)
