"""Runs stay apart for every kind of colour vision: colours by simulation, and dashes that are all different."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.figures.look import STYLES

SEEN_BY = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Linear sRGB as seen: Machado, Oliveira and Fernandes 2009, severity 1."""

TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
"""OKLab: Ottosson 2020."""

LEAST_APART = 0.07
"""In OKLab, where black and white are 1 apart; 0.02 is just noticed side by side."""

USUAL_RUNS = 4


def linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.asarray(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4), float)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.array(TO_LAB) @ np.cbrt(np.array(TO_CONES) @ np.clip(rgb, 0, 1)), float)


def distance(one: str, other: str, seen: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(lab(seen @ linear(one)) - lab(seen @ linear(other))))


@pytest.mark.parametrize("vision", ["full", *SEEN_BY])
def test_the_colours_of_any_two_runs_can_be_told_apart(vision: str) -> None:
    seen = np.array(SEEN_BY.get(vision, np.eye(3)))
    near = {
        (i, j): round(distance(STYLES[i].colour, STYLES[j].colour, seen), 3)
        for i, j in combinations(range(len(STYLES)), 2)
    }
    assert {pair: apart for pair, apart in near.items() if apart < LEAST_APART} == {}
    first = {pair: apart for pair, apart in near.items() if max(pair) < USUAL_RUNS}
    assert min(first.values()) > 1.5 * LEAST_APART


def test_no_two_runs_have_the_same_dash() -> None:
    assert len({style.dash for style in STYLES}) == len(STYLES)


def test_the_simulation_mixes_up_what_is_known_to_be_mixed_up() -> None:
    red_and_green = distance("#ff0000", "#8f7d00", np.array(SEEN_BY["protanopia"]))
    assert red_and_green < distance("#ff0000", "#8f7d00", np.eye(3)) / 2
