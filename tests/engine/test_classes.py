import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.engine.classes import classify
from app.engine.models import deep_network, one_hot
from app.engine.optimizers import GradientDescent
from app.engine.penalty import Penalty
from tests.engine.setting import random_start, run_from


def test_one_output_is_the_probability_of_the_second_class() -> None:
    found = classify(np.array([[0.1, 0.6, 0.9, 0.4, 0.51]]), np.array([[0.0, 0.0, 1.0, 1.0, 1.0]]))
    assert found.accuracy == 3 / 5
    assert found.confusion.tolist() == [[1, 1], [1, 2]], "rows are the true classes"


def test_several_outputs_choose_the_largest() -> None:
    probabilities = np.array([[0.5, 0.2, 0.3], [0.3, 0.2, 0.4], [0.2, 0.6, 0.3]])
    found = classify(probabilities, one_hot(np.array([[0.0, 2.0, 2.0]]), 3))
    assert found.accuracy == 2 / 3
    assert found.confusion.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 1]]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40))
def test_every_example_is_counted_once_where_it_belongs(pairs: list[tuple[int, int]]) -> None:
    true, predicted = (np.array([pair[i] for pair in pairs], dtype=np.float64)[None] for i in (0, 1))
    found = classify(0.1 + 0.6 * one_hot(predicted, 4), one_hot(true, 4))
    expected = [[sum(pair == (row, column) for pair in pairs) for column in range(4)] for row in range(4)]
    assert found.confusion.tolist() == expected
    right = sum(a == b for a, b in pairs)
    assert found.accuracy == (right / len(pairs) if pairs else None)


def test_a_prediction_that_is_no_number_is_wrong_and_in_no_column() -> None:
    found = classify(np.array([[np.nan, 0.9]]), np.array([[0.0, 1.0]]))
    assert found.accuracy == 0.5
    assert found.confusion.tolist() == [[0, 0], [0, 1]]


def test_two_clouds_far_apart_are_learned_without_a_mistake() -> None:
    rng = np.random.default_rng(0)
    truth = (np.arange(60) % 2).astype(np.float64)[None]
    X = rng.standard_normal((2, 60)) + 10.0 * truth
    model = deep_network(X, truth, (), "identity", None, "binary_cross_entropy", Penalty())
    run = run_from(model, random_start(model), GradientDescent(learning_rate=0.05))
    run.advance(3_000)
    assert classify(model.predict(run.state.theta, X), truth).accuracy == 1.0
