"""From a recipe to the engine."""

from typing import Any

import numpy as np
import pytest

from app.engine.data.dataset import Table
from app.errors import BadInput
from app.recipe.build import Built, build, plan
from app.recipe.recipe import RECIPE, completed
from app.settings import Settings

UPLOADED = Table(np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 3.0, 2.0]]), ("hours",), ("grade",))
TABLES = {"A" * 22: UPLOADED}


def built(problem: dict[str, Any], settings: Settings | None = None) -> Built:
    asked = completed(RECIPE.from_value({"problem": problem})).problem
    return build(asked, TABLES.__getitem__, settings or Settings())


def where(problem: dict[str, Any], settings: Settings | None = None) -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as caught:
        built(problem, settings)
    return [(error.where, error.key) for error in caught.value.errors]


def test_training_and_test_examples_are_apart_and_together_the_table() -> None:
    made = built({"kind": "univariate_regression", "dataset": {"samples": 20, "test_fraction": 0.25}})
    assert made.examples is not None
    assert made.examples.test is not None
    trained, tested = made.examples.model.X, made.examples.test.X
    assert (trained.shape, tested.shape) == ((1, 15), (1, 5))
    assert sorted([*trained[0], *tested[0]]) == sorted(made.examples.table.X[0])
    assert made.objective is made.examples.model
    assert built({"kind": "univariate_regression"}).examples.test is None  # type: ignore[union-attr]  # it has data


def test_the_truth_behind_the_data_is_a_point_where_the_model_has_its_parameters() -> None:
    plane = {"features": 3, "coefficients": [1.0, 2.0, 3.0], "intercept": 4.0}
    examples = built({"kind": "multivariate_regression", "dataset": plane}).examples
    assert examples is not None
    assert examples.truth is not None
    assert examples.truth.tolist() == [1.0, 2.0, 3.0, 4.0]
    for other in (
        {"kind": "multivariate_regression", "dataset": {**plane, "standardize": True}},
        {"kind": "multivariate_regression", "dataset": {"kind": "longley"}},
        {"kind": "two_layer_linear", "dataset": plane},
        {"kind": "two_layer_sigmoid"},
    ):
        examples = built(other).examples
        assert examples is not None
        assert examples.truth is None


def test_parameters_on_standardized_features_predict_the_same_on_the_raw_ones() -> None:
    dataset = {"kind": "longley", "standardize": True}
    made = built({"kind": "two_layer_sigmoid", "hidden": 3, "dataset": dataset})
    assert made.examples is not None
    theta = np.random.default_rng(0).normal(size=made.layout.size)
    raw = made.examples.on_raw_scale(theta)
    assert raw is not None
    plain = built({"kind": "two_layer_sigmoid", "hidden": 3, "dataset": {"kind": "longley"}})
    assert plain.examples is not None
    X = plain.examples.table.X
    assert np.allclose(plain.examples.model.predict(raw, X), made.examples.model.predict(theta, made.examples.data.X))
    assert plain.examples.on_raw_scale(theta) is None


def test_an_uploaded_table_is_found_by_its_id_and_told_again() -> None:
    made = built({"kind": "univariate_regression", "dataset": {"kind": "uploaded", "id": "A" * 22}})
    assert made.uploaded == {"A" * 22: UPLOADED}
    assert built({"kind": "univariate_regression"}).uploaded == {}
    missing = {"kind": "univariate_regression", "dataset": {"kind": "uploaded", "id": "B" * 22}}
    assert where(missing) == [("problem.dataset.id", "bad.unknown_table")]


def test_functions_and_formulas_have_no_data_and_take_no_room() -> None:
    for problem in ({"kind": "function", "name": "himmelblau"}, {"kind": "expression", "expression": "x^2 + y^2"}):
        made = built(problem)
        assert (made.examples, made.nbytes, made.uploaded) == (None, 0, {})
        assert made.layout.addresses == ("x", "y")
    assert len(built({"kind": "function", "name": "himmelblau"}).landmarks) >= 4
    assert built({"kind": "univariate_regression"}).landmarks == ()
    assert built({"kind": "univariate_regression"}).nbytes > 0


@pytest.mark.parametrize(
    ("problem", "found"),
    [
        ({"kind": "univariate_regression", "dataset": {"kind": "plane"}}, ("problem.dataset", "bad.features")),
        (
            {"kind": "two_layer_linear", "dataset": {"kind": "inline", "X": [[1, 2]], "y": [[1, 2], [3, 4]]}},
            ("problem.dataset", "bad.outputs"),
        ),
        (
            {"kind": "network", "loss": "binary_cross_entropy", "dataset": {"kind": "iris"}},
            ("problem.dataset", "bad.two_classes"),
        ),
        (
            {"kind": "network", "loss": "softmax_cross_entropy", "dataset": {"kind": "line"}},
            ("problem.dataset", "bad.labels_wanted"),
        ),
    ],
)
def test_data_and_models_that_do_not_go_together_are_refused(problem: dict[str, Any], found: tuple[str, str]) -> None:
    assert where(problem) == [found]


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        (Settings(max_examples=99), "bad.too_many_examples"),
        (Settings(max_features=1), "bad.too_many_features"),
        (Settings(max_parameters=16), "bad.too_many_parameters_of_model"),
        (Settings(max_step_work=699), "bad.too_much_step_work"),
    ],
)
def test_what_is_larger_than_the_limits_is_refused_and_what_just_fits_is_not(settings: Settings, key: str) -> None:
    problem = {"kind": "two_layer_sigmoid", "hidden": 4, "dataset": {"kind": "surface", "samples": 100}}
    assert where(problem, settings) == [("problem", key)]
    assert built(problem, Settings(max_examples=100, max_features=2, max_parameters=17, max_step_work=700))


def test_data_that_would_be_too_large_are_never_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = {"kind": "multivariate_regression", "dataset": {"samples": 100_000, "features": 100}}
    monkeypatch.setattr("app.recipe.build.table_of", lambda *_: pytest.fail("generated"))
    assert where(huge) == [("problem", "bad.too_much_step_work")]


def test_a_plan_has_the_start_of_the_run_else_of_the_session_else_of_the_problem() -> None:
    own, common = {"kind": "constant", "value": 2.0}, {"kind": "constant", "value": 1.0}
    for fields, theta in (
        ({"runs": [{}]}, [-2.0, 3.0]),
        ({"start": common, "runs": [{}]}, [1.0, 1.0]),
        ({"start": common, "runs": [{"start": own}]}, [2.0, 2.0]),
    ):
        recipe = completed(RECIPE.from_value({"problem": {"kind": "univariate_regression"}, **fields}))
        made = build(recipe.problem, TABLES.__getitem__, Settings())
        assert plan(recipe, recipe.runs[0], made, Settings(), "runs[0]").start.tolist() == theta
