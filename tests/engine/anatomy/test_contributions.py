import numpy as np
import pytest

from app.engine.anatomy import contributions
from app.engine.layout import ParameterError
from app.engine.model import Model
from app.engine.models import deep_network, multivariate_regression, two_layer
from app.engine.penalty import Penalty
from tests.engine.setting import random_start, some_data

X, y = some_data(2, 12)
MODELS = [
    multivariate_regression(X, y),
    two_layer(X, y, 3, "sigmoid"),
    deep_network(X, y, (4, 3), "tanh", None, "huber", Penalty(l1=0.1, l2=0.3)),
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("batch", [None, np.array([7, 2, 11])])
def test_the_shares_of_the_examples_add_up_to_every_entry_of_the_gradient(
    model: Model, batch: np.ndarray[tuple[int], np.dtype[np.intp]] | None
) -> None:
    theta, g = random_start(model), np.empty(model.layout.size)
    if batch is None:
        model.bind(theta, g)()
    else:
        model.bind_batch(theta, g, len(batch))(batch)
    for address in model.layout.addresses:
        found = contributions(model, theta, batch, address)
        assert found.gradient == g[model.layout.index(address)]
        assert found.shares.sum() + found.penalty == pytest.approx(found.gradient, rel=1e-11, abs=1e-14)
        assert found.indices.tolist() == (list(range(12)) if batch is None else batch.tolist())


@pytest.mark.parametrize("model", MODELS)
def test_a_share_is_the_gradient_of_its_example_alone(model: Model) -> None:
    theta, g = random_start(model), np.empty(model.layout.size)
    for address in model.layout.addresses[::3]:
        found = contributions(model, theta, None, address)
        model.bind_batch(theta, g, 1)(np.array([5]))
        alone = g[model.layout.index(address)] - found.penalty
        assert found.shares[5] == pytest.approx(alone / 12, rel=1e-10, abs=1e-14)


def test_an_unknown_address_is_refused() -> None:
    with pytest.raises(ParameterError):
        contributions(MODELS[1], random_start(MODELS[1]), None, "W9[0,0]")
