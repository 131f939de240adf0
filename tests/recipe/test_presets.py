from functools import cache
from typing import Any

import numpy as np
import pytest

from app.catalogue import catalogue
from app.engine.data.dataset import Table
from app.engine.run import Run
from app.recipe.build import build, plan
from app.recipe.presets import PRESETS
from app.recipe.recipe import RECIPE, completed
from app.settings import Settings

SETTINGS = Settings()
NO_TABLES: dict[str, Table] = {}


@cache
def after(name: str, steps: int) -> dict[str, Run]:
    """The runs of a preset by name, so many steps on."""
    recipe = completed(RECIPE.from_value(PRESETS[name]))
    built = build(recipe.problem, NO_TABLES.__getitem__, SETTINGS)
    runs = {run.name or "": Run(built.objective, plan(recipe, run, built, SETTINGS, "")) for run in recipe.runs}
    for run in runs.values():
        run.advance(steps)
    return runs


def losses(name: str, steps: int) -> dict[str, float]:
    return {run: state.state.loss for run, state in after(name, steps).items()}


@pytest.mark.parametrize("name", PRESETS)
def test_each_descends_except_where_it_is_shown_not_to(name: str) -> None:
    diverged = [run for run, there in after(name, 300).items() if there.diverged]
    assert diverged in ([], ["η = 0.47"])
    for run, loss in losses(name, 300).items():
        assert loss < after(name, 0)[run].state.loss or run in diverged


def test_of_four_learning_rates_one_creeps_one_glides_one_zigzags_and_one_diverges() -> None:
    creeps, glides, zigzags, diverges = after("learning_rates", 300).values()
    slope = {name: run.path.thetas.rows[:4, 0] for name, run in after("learning_rates", 300).items()}
    assert diverges.diverged
    assert glides.status == "converged"
    assert losses("learning_rates", 20)["η = 0.03"] > 10 * losses("learning_rates", 20)["η = 0.2"]
    assert np.ptp(np.sign(np.diff(slope["η = 0.43"]))) == 2  # it goes to and fro
    assert np.ptp(np.sign(np.diff(slope["η = 0.03"]))) == 0
    assert creeps.state.loss == pytest.approx(zigzags.state.loss, rel=0.1)


def test_differences_take_the_way_of_backpropagation_and_luck_another() -> None:
    runs = after("backpropagation_or_not", 300)
    way, other = runs["backpropagation"].state.theta, runs["differences"].state.theta
    np.testing.assert_allclose(other, way, atol=1e-4)

    spent = {name: run.state.evaluations.loss + 2 * run.state.evaluations.gradient for name, run in runs.items()}
    assert spent["differences"] > 5 * spent["backpropagation"]
    assert spent["random search"] == pytest.approx(spent["backpropagation"], rel=0.01)


def test_four_starts_end_in_four_minima() -> None:
    ends = {tuple(np.round(run.state.theta, 3).tolist()) for run in after("four_minima", 2000).values()}
    assert ends == {(3.0, 2.0), (-2.805, 3.131), (-3.779, -3.283), (3.584, -1.848)}  # Himmelblau 1972


def test_the_catalogue_offers_each_with_its_title_and_a_recipe_that_can_be_sent() -> None:
    offered: list[dict[str, Any]] = catalogue(SETTINGS)["presets"]
    assert [preset["name"] for preset in offered] == list(PRESETS)
    for preset in offered:
        assert preset["title"]
        assert preset["summary"]
        assert completed(RECIPE.from_value(preset["recipe"])) == completed(RECIPE.from_value(PRESETS[preset["name"]]))
