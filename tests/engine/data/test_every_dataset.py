"""What holds for every registered kind of data set, the moment it is registered."""

from dataclasses import fields, replace
from typing import Any, get_args

import numpy as np
import pytest

from app.engine.data import DATASETS, GENERATED, table_of
from app.engine.data.dataset import MAX_CLASSES, MAX_EXAMPLES, MAX_FEATURES, Table, Task
from app.engine.data.given import Uploaded
from app.engine.data.packing import pack, table_id
from app.engine.data.preparation import prepare
from app.texts import texts

from .kinds import EVERY_DATASET, EVERY_GENERATED, INLINE, KINDS, UPLOADED, choices, label

each_kind = pytest.mark.parametrize("kind", DATASETS, ids=lambda kind: KINDS[kind])
each_dataset = pytest.mark.parametrize("dataset", EVERY_DATASET, ids=label)
each_generated = pytest.mark.parametrize("dataset", EVERY_GENERATED, ids=label)


def stability_limit(X: np.ndarray[Any, Any]) -> float:
    """2/λ of the largest eigenvalue of the mean squared error's Hessian (2/m)·X̄X̄ᵀ for a linear model."""
    inputs = np.vstack([X, np.ones(X.shape[1])])
    return float(X.shape[1] / np.linalg.norm(inputs, 2) ** 2)


def test_no_two_kinds_have_the_same_name() -> None:
    assert len(set(KINDS.values())) == len(DATASETS)


@each_kind
def test_a_kind_has_a_formula_a_reference_a_task_and_texts(kind: Any) -> None:
    assert kind.formula
    assert kind.reference
    assert kind.task in get_args(Task)
    known = texts()
    needed = [f"dataset.{KINDS[kind]}.title", f"dataset.{KINDS[kind]}.summary"]
    needed += [f"field.{field.name}" for field in fields(kind) if field.name != "kind"]
    needed += [f"choice.{name}.{value}" for name, values in choices(kind).items() for value in values]
    assert [key for key in needed if not known.get(key)] == []


@each_kind
def test_the_summary_says_standardize_exactly_where_the_data_want_it(kind: Any) -> None:
    assert ("standardize" in texts()[f"dataset.{KINDS[kind]}.summary"]) == kind.wants_standardize


@each_dataset
def test_the_data_want_standardize_exactly_where_descent_needs_a_learning_rate_below_5e_3(dataset: Any) -> None:
    assert (stability_limit(dataset.table().X) < 0.005) == dataset.wants_standardize


@each_dataset
def test_a_table_is_made_of_finite_numbers_with_a_name_for_each_row(dataset: Any) -> None:
    table = dataset.table()
    (features, examples), (outputs, targets) = table.X.shape, table.Y.shape
    assert examples == targets
    assert 1 <= examples <= MAX_EXAMPLES
    assert 1 <= features <= MAX_FEATURES
    assert (len(table.x_names), len(table.y_names)) == (features, outputs)
    assert table.X.dtype == table.Y.dtype == np.float64
    assert table.X.flags.c_contiguous
    assert np.isfinite(table.X).all()
    assert np.isfinite(table.Y).all()


@each_dataset
def test_the_catalogue_says_how_many_features_and_what_task(dataset: Any) -> None:
    table = dataset.table()
    assert dataset.feature_count in (None, len(table.X))
    assert dataset.task == "any" or (table.classes is not None) == (dataset.task == "classification")


@each_dataset
def test_labels_are_whole_numbers_and_every_class_has_an_example(dataset: Any) -> None:
    table = dataset.table()
    if table.classes is not None:
        assert 2 <= len(table.classes) <= MAX_CLASSES
        assert set(table.Y[0].tolist()) == set(range(len(table.classes)))


@each_dataset
def test_a_table_can_not_be_written_to(dataset: Any) -> None:
    table = dataset.table()
    with pytest.raises(ValueError, match="read-only"):
        table.X[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        table.Y[0, 0] = 1.0


@each_dataset
def test_the_same_fields_give_the_same_table(dataset: Any) -> None:
    assert pack(dataset.table()) == pack(replace(dataset).table())


@each_dataset
def test_every_kind_can_be_split_and_standardized(dataset: Any) -> None:
    data = prepare(dataset.table(), test_fraction=0.3, standardize=True, seed=dataset.seed)
    np.testing.assert_allclose(data.X.mean(axis=1), 0, atol=1e-9)
    assert data.X.shape[1] + data.X_test.shape[1] == dataset.table().X.shape[1]


@each_generated
def test_another_seed_gives_other_data(dataset: Any) -> None:
    noisy = replace(dataset, noise=dataset.noise or 0.1)
    assert table_id(noisy.table()) != table_id(replace(noisy, seed=1).table())


@each_generated
def test_more_samples_are_added_to_those_already_there(dataset: Any) -> None:
    few, many = replace(dataset, samples=30).table(), replace(dataset, samples=70).table()
    np.testing.assert_allclose(many.X[:, :30], few.X, rtol=1e-15)
    np.testing.assert_allclose(many.Y[:, :30], few.Y, rtol=1e-12)


@each_generated
def test_another_noise_stretches_the_same_deviations(dataset: Any) -> None:
    still, soft, loud = (replace(dataset, noise=noise).table() for noise in (0.0, 0.1, 0.2))
    rows = "Y" if soft.classes is None else "X"
    deviations = [getattr(table, rows) - getattr(still, rows) for table in (soft, loud)]
    np.testing.assert_allclose(deviations[1], 2 * deviations[0], atol=1e-12)
    assert np.std(deviations[0]) == pytest.approx(0.1, rel=0.35)


@pytest.mark.parametrize("kind", GENERATED, ids=lambda kind: KINDS[kind])
@pytest.mark.parametrize("samples", [2, 1001])
def test_any_number_of_samples_is_what_one_gets(kind: Any, samples: int) -> None:
    table = kind(samples=samples).table()
    assert table.X.shape[1] == table.Y.shape[1] == samples


def test_an_uploaded_table_is_looked_up_by_its_id_and_others_are_not() -> None:
    table = INLINE.table()
    asked: list[str] = []

    def uploads(id_: str) -> Table:
        asked.append(id_)
        return table

    assert table_of(UPLOADED, uploads) is table
    assert table_id(table_of(INLINE, uploads)) == table_id(table)
    assert asked == [UPLOADED.id]
    assert isinstance(UPLOADED, Uploaded)
