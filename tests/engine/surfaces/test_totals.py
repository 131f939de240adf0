import numpy as np
import pytest

from app.engine.losses import LOSSES
from app.engine.surfaces.totals import TOTALS
from tests.engine import reference


@pytest.mark.parametrize("loss", LOSSES)
def test_many_predictions_have_the_totals_of_one_after_the_other(loss: str) -> None:
    rng = np.random.default_rng(0)
    Z = 3.0 * rng.standard_normal((5, 3, 11))
    Y = np.eye(3)[rng.integers(0, 3, 11)].T if LOSSES[loss].classes else rng.standard_normal((3, 11))
    predictions = [reference.ACTIVATIONS[LOSSES[loss].output_activation](z) for z in Z]
    expected = [reference.LOSSES[loss](prediction, Y) for prediction in predictions]
    np.testing.assert_allclose(TOTALS[loss](Z, np.array(predictions), Y), expected, rtol=1e-12)


def test_there_is_one_for_every_loss() -> None:
    assert TOTALS.keys() == LOSSES.keys()


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "softmax_cross_entropy"])
def test_cross_entropies_of_classes_that_are_far_apart_stay_numbers(loss: str) -> None:
    Y = np.array([[1.0, 0.0], [0.0, 1.0]])
    right, wrong = 2000.0 * Y - 1000.0, 1000.0 - 2000.0 * Y
    Z = np.stack([right, wrong])
    np.testing.assert_allclose(TOTALS[loss](Z, Z.copy(), Y), [0.0, 4000.0], atol=1e-12)
