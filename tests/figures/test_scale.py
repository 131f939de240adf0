import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.figures.scale import DECADES, LossScale, short

LOSSES = st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=30)


@given(LOSSES, st.sampled_from(["log", "linear"]))
def test_heights_are_numbers_in_the_order_of_the_losses(values: list[float], kind: str) -> None:
    losses = np.array(values)
    scale = LossScale.of(losses, kind)  # type: ignore[arg-type]  # one of the two
    heights = scale.heights(losses)
    assert np.isfinite(heights).all()
    assert (np.diff(heights[losses.argsort(kind="stable")]) >= 0).all()
    assert scale.ends == (heights.min(), heights.max())
    assert scale.step > 0.0


@given(LOSSES, st.sampled_from(["log", "linear"]))
def test_ticks_are_losses_within_the_range(values: list[float], kind: str) -> None:
    scale = LossScale.of(np.array(values), kind)  # type: ignore[arg-type]  # one of the two
    pad = 1e-2 * (scale.most - scale.least)
    assert all(scale.least - pad <= tick <= scale.most + pad for tick in scale.ticks)
    assert len(scale.ticks) <= 40
    assert len(scale.axis()["ticktext"]) == len(scale.ticks)  # type: ignore[arg-type]  # a list


def test_logarithms_are_those_of_the_losses() -> None:
    scale = LossScale("log", 0.01, 100.0)
    assert scale.heights(np.array([0.01, 1.0, 100.0])).tolist() == pytest.approx([-2.0, 0.0, 2.0])
    assert scale.ticks == pytest.approx([0.01, 0.1, 1.0, 10.0, 100.0])
    assert LossScale("linear", 0.0, 10.0).ticks == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert LossScale("log", 2.0, 10.0).ticks == [2.0, 4.0, 6.0, 8.0, 10.0]


def test_a_loss_of_0_is_as_deep_as_the_scale_goes_and_negative_ones_have_heights() -> None:
    assert LossScale("log", 0.0, 100.0).ends == pytest.approx((2.0 - DECADES, 2.0))
    low, high = LossScale("log", -2.0, 8.0).ends
    assert (low, high) == pytest.approx((-2.0, np.log10(10.01)))
    assert LossScale("log", -2.0, 8.0).ticks[0] == pytest.approx(-1.99)


def test_a_surface_of_one_height_can_be_drawn() -> None:
    for kind in ("log", "linear"):
        for loss in (0.0, 3.0, -3.0):
            scale = LossScale(kind, loss, loss)
            assert np.isfinite(scale.ends).all()
            assert scale.step == 1.0
            assert all(np.isfinite(scale.ticks))


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0"), (0.25, "0.25"), (-12345.6, "−12350"), (3e-7, "3e−07"), (2e5, "2e05"), (7.0, "7")]
)
def test_ticks_are_short(value: float, words: str) -> None:
    assert short(value) == words


@pytest.mark.parametrize("kind", ["log", "linear"])
@pytest.mark.parametrize("losses", [[0.0, 1.7e308], [-1.7e308, 1.7e308], [1e-320, 1e-310], [5e-324, 1e300]])
def test_the_largest_and_smallest_numbers_have_heights_and_ticks(losses: list[float], kind: str) -> None:
    scale = LossScale.of(np.array(losses), kind)  # type: ignore[arg-type]  # one of the two
    assert np.isfinite(scale.heights(np.array(losses))).all()
    assert np.isfinite([*scale.ends, scale.step, *scale.ticks]).all()
