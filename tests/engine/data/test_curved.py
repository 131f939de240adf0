"""Curves and surfaces against their formulas, written down a second time here."""

import math
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

from app.engine.data.curved import CURVES, SURFACES, Curve, Surface
from app.engine.data.dataset import Table

CURVE_VALUES = {  # at x = −1.5, 0, 0.5
    "sine": (-math.sqrt(0.5), 0.0, math.sqrt(0.5)),
    "wave": (1.0, 0.0, 1.0),
    "step": (-1.0, 1.0, 1.0),
    "bump": (math.exp(-9), 1.0, math.exp(-1)),
    "corner": (0.5, -1.0, -0.5),
}
SURFACE_VALUES = {  # at (0, 0), (1, 0), (0.5, −1.5)
    "hill": (1.0, math.exp(-1), math.exp(-2.5)),
    "saddle": (0.0, 0.25, -0.5),
    "ripple": (0.0, 1.0, -0.5),
}


def still(kind: type[Curve | Surface], shape: Any) -> Table:
    return kind(shape=shape, noise=0).table()


def test_the_shapes_one_can_choose_are_those_there_are() -> None:
    assert set(get_args(get_type_hints(Curve)["shape"])) == CURVES.keys() == CURVE_VALUES.keys()
    assert set(get_args(get_type_hints(Surface)["shape"])) == SURFACES.keys() == SURFACE_VALUES.keys()


@pytest.mark.parametrize("shape", CURVES)
def test_a_curve_has_the_values_of_its_formula(shape: str) -> None:
    values = CURVES[shape].target(np.array([[-1.5, 0.0, 0.5]]))
    np.testing.assert_allclose(values, [CURVE_VALUES[shape]], atol=1e-15)


@pytest.mark.parametrize("shape", SURFACES)
def test_a_surface_has_the_values_of_its_formula(shape: str) -> None:
    values = SURFACES[shape].target(np.array([[0.0, 1.0, 0.5], [0.0, 0.0, -1.5]]))
    np.testing.assert_allclose(values, [SURFACE_VALUES[shape]], atol=1e-15)


@pytest.mark.parametrize("shape", CURVES)
def test_points_without_noise_lie_on_the_curve_that_is_drawn_as_the_truth(shape: str) -> None:
    table = still(Curve, shape)
    assert table.truth is not None
    np.testing.assert_array_equal(table.Y, CURVES[shape].target(table.X))
    drawn = np.interp(table.X[0], table.truth["x"], table.truth["y"])
    away_from_the_jump = np.abs(table.X[0]) > 0.02 if shape == "step" else slice(None)
    np.testing.assert_allclose(drawn[away_from_the_jump], table.Y[0][away_from_the_jump], atol=2e-3)
    assert table.truth["formula"] == CURVES[shape].formula


@pytest.mark.parametrize("shape", SURFACES)
def test_a_surface_is_drawn_as_a_row_of_z_for_each_y(shape: str) -> None:
    table = still(Surface, shape)
    np.testing.assert_array_equal(table.Y, SURFACES[shape].target(table.X))
    truth = table.truth
    assert truth is not None
    point = np.array([[truth["x"][3]], [truth["y"][8]]])
    assert truth["z"][8][3] == pytest.approx(SURFACES[shape].target(point).item(), abs=1e-15)
    assert np.shape(truth["z"]) == (len(truth["y"]), len(truth["x"]))


def test_the_jump_of_a_step_is_among_the_points_of_its_drawing() -> None:
    truth = Curve(shape="step").table().truth
    assert truth is not None
    assert 0.0 in truth["x"]
    assert set(truth["y"]) == {-1.0, 1.0}
