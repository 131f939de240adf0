"""Which points of a path are shown, and what is said of each, against a look at every step by itself."""

from functools import cache

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.engine.models import two_layer, univariate_regression
from app.engine.planes import Plane, named_plane
from app.engine.run import Run
from app.sessions import trajectory as module
from app.sessions.trajectory import Window, default_plane, trajectory
from tests.engine.setting import random_start, run_from, some_data

STEPS = 300


@cache
def thinned(max_path_bytes: int) -> Run:
    """A run whose path keeps so many bytes: θ are thinned first, then loss and gradient norm too."""
    model = two_layer(*some_data(2, 12), hidden=5, activation="sigmoid")
    run = run_from(model, random_start(model))
    narrow = Run(model, run.plan, max_path_bytes)
    narrow.advance(STEPS)
    return narrow


@given(
    max_path_bytes=st.sampled_from([1_000, 9_000, 20_000, 262_144]),
    since=st.none() | st.integers(0, STEPS + 20),
    at=st.integers(0, STEPS),
    most=st.none() | st.integers(2, 400),
)
@example(max_path_bytes=1_000, since=None, at=STEPS, most=2)
@example(max_path_bytes=1_000, since=STEPS - 1, at=STEPS, most=None)
def test_each_point_shown_is_a_point_of_the_path(
    max_path_bytes: int, since: int | None, at: int, most: int | None
) -> None:
    run = thinned(max_path_bytes)
    state = run.state_at(at)
    shown = trajectory(run, state, Window(since, most))
    first = 0 if since is None else since + 1
    regular = [step for step in range(first, at + 1) if step % shown["stride"] == 0]
    assert shown["step"].tolist() == regular + ([at] if first <= at and at not in regular else [])
    assert most is None or len(shown["step"]) <= most
    assert shown["stride"] % run.path.scalars.stride == 0
    plane = default_plane(run)
    for place, step in enumerate(shown["step"].tolist()):
        there = run.state_at(step)
        assert (shown["loss"][place], shown["gradient_norm"][place]) == (there.loss, pytest.approx(there.gradient_norm))
        x, y, off = (float(value[0]) for value in plane.coordinates(there.theta[None]))
        beneath = run.objective.loss(plane.points(np.array([x]), np.array([y]))[0])
        if step % run.path.thetas.stride == 0 or step == at:
            found = [shown[name][place] for name in ("x", "y", "off_plane", "slice_loss")]
            assert found == pytest.approx([x, y, off, beneath], rel=1e-12)
        else:
            assert np.isnan([shown[name][place] for name in ("x", "y", "off_plane", "slice_loss")]).all()


def test_without_a_bound_every_point_that_was_kept_is_shown() -> None:
    assert len(trajectory(thinned(262_144), thinned(262_144).state, Window())["step"]) == STEPS + 1
    run = thinned(1_000)
    assert len(trajectory(run, run.state, Window())["step"]) >= run.path.scalars.count > 32


def test_losses_beneath_that_would_take_too_long_are_left_out_from_the_oldest_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = thinned(262_144)
    monkeypatch.setattr(module, "MOST_SLICE_WORK", 10 * run.objective.step_work)
    shown = trajectory(run, run.state, Window())
    assert np.isfinite(shown["off_plane"]).all()
    known = np.flatnonzero(np.isfinite(shown["slice_loss"])).tolist()
    assert known == [0, *range(STEPS - 9, STEPS + 1)]  # step 0 lies on the plane


def test_a_loss_beneath_that_is_no_number_is_not_shown() -> None:
    run = thinned(262_144)
    far = np.full(run.objective.layout.size, 1e200)
    shown = trajectory(run, run.state, Window(plane=named_plane(far, 0, 1, "a", "b")))
    assert np.isnan([shown["slice_loss"], shown["off_plane"]]).all()
    assert np.isfinite([shown["loss"], shown["x"], shown["y"]]).all()


def test_two_parameters_lie_on_any_plane_that_names_them_in_either_order() -> None:
    model = univariate_regression(*some_data(1, 8))
    run = run_from(model, np.array([1.0, -1.0]))
    run.advance(5)
    swapped: Plane = named_plane(run.plan.start, 1, 0, "b", "w")
    one, other = trajectory(run, run.state, Window()), trajectory(run, run.state, Window(plane=swapped))
    assert (one["x"] == other["y"]).all()
    assert (one["y"] == other["x"]).all()
    for shown in (one, other):
        assert (shown["off_plane"] == 0.0).all()
        assert (shown["slice_loss"] == shown["loss"]).all()
