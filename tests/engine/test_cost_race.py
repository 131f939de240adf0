from dataclasses import replace
from itertools import islice
from time import perf_counter

import numpy as np
import pytest

from app.engine.cost_race import HIDDEN, INPUTS, UPDATES, WEIGHTS, Lap, cost_race, extrapolate
from app.engine.network import Network

LAP = Lap((10, 96, 96, 1), 9_999, loss_seconds=1e-4, pass_seconds=2e-4, difference_seconds=1.0, measured=True)


def test_differences_cost_about_a_loss_for_each_weight() -> None:
    laps = list(cost_race((2, 8, 24), seconds_each=0.2))
    assert [lap.parameters for lap in laps] == [Network((INPUTS, k, k, 1)).size for k in (2, 8, 24)]
    assert all(lap.measured for lap in laps)
    for lap in laps:
        assert lap.difference_seconds / (lap.parameters + 1) / lap.loss_seconds == pytest.approx(1.0, abs=0.9)
        assert 1.0 < lap.pass_seconds / lap.loss_seconds < 10.0
    ratios = [lap.ratio for lap in laps]
    assert ratios == sorted(ratios)
    assert ratios[-1] > 100


def test_what_takes_too_long_is_reckoned_from_a_part() -> None:
    whole, part = (next(cost_race((40,), seconds_each=seconds)) for seconds in (2.0, 0.02))
    assert (whole.measured, part.measured) == (True, False)
    assert part.difference_seconds == pytest.approx(whole.difference_seconds, rel=0.9)


def test_a_race_stops_when_nobody_asks_for_more() -> None:
    begin = perf_counter()
    assert len(list(islice(cost_race(seconds_each=0.02), 2))) == 2
    assert perf_counter() - begin < 5.0


def test_the_networks_grow_to_ten_thousand_weights() -> None:
    sizes = [Network((INPUTS, k, k, 1)).size for k in HIDDEN]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 10_000


def test_the_network_of_the_text_is_as_many_times_slower_as_it_has_more_weights() -> None:
    found = extrapolate(LAP)
    assert (found.weights, found.updates) == (WEIGHTS, UPDATES) == (1_685_667, 10_000_000)
    growth = WEIGHTS / 9_999
    assert found.pass_seconds == pytest.approx(2e-4 * growth)
    assert found.difference_seconds == pytest.approx(1e-4 * growth * (WEIGHTS + 1))
    assert found.ratio == pytest.approx(0.5 * (WEIGHTS + 1))
    assert found.all_differences_seconds == pytest.approx(found.difference_seconds * 1e7)
    same = extrapolate(LAP, weights=9_999)
    assert np.isclose(same.ratio, LAP.ratio)
    assert extrapolate(replace(LAP, pass_seconds=1e-4)).ratio == pytest.approx(2 * found.ratio)
