import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS, Activation
from tests.engine import reference

Array = NDArray[np.float64]

Z = np.concatenate([np.linspace(-30.0, 30.0, 401), [-1e-12, 1e-12]])[None]
EXTREME = np.array([[-1e6, -800.0, 800.0, 1e6]])


def both(activation: Activation, values: Array) -> tuple[Array, Array]:
    """f(z) and f′(z), as a pass asks for them: in place where z is not kept."""
    kept = values.copy()
    A = np.empty_like(values) if activation.keeps_z else kept
    slope = np.full_like(values, np.nan)
    with np.errstate(over="ignore"):
        activation.apply(kept, A)
        activation.slope(kept, A, slope)
    return A, slope


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_every_activation_is_its_formula_with_its_derivative(kind: str) -> None:
    A, slope = both(ACTIVATIONS[kind], Z)
    f = reference.ACTIVATIONS[kind]
    np.testing.assert_allclose(A, f(Z), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(slope, f(Z + 1e-30j).imag / 1e-30, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_far_out_every_activation_and_slope_is_finite_and_has_its_limit(kind: str) -> None:
    A, slope = both(ACTIVATIONS[kind], EXTREME)
    left, right = {
        "identity": ((-1e6, 1.0), (1e6, 1.0)),
        "sigmoid": ((0.0, 0.0), (1.0, 0.0)),
        "tanh": ((-1.0, 0.0), (1.0, 0.0)),
        "relu": ((0.0, 0.0), (1e6, 1.0)),
        "leaky_relu": ((-1e4, 0.01), (1e6, 1.0)),
        "softplus": ((0.0, 0.0), (1e6, 1.0)),
        "gelu": ((0.0, 0.0), (1e6, 1.0)),
    }[kind]
    assert (A[0, 0], slope[0, 0]) == pytest.approx(left, abs=1e-300)
    assert (A[0, -1], slope[0, -1]) == pytest.approx(right)
    assert np.isfinite(A).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_what_is_bent_is_multiplied_by_the_slope(kind: str) -> None:
    activation, psi, out = ACTIVATIONS[kind], np.linspace(-2.0, 3.0, Z.size)[None], np.empty_like(Z)
    A, slope = both(activation, Z)
    bent = psi.copy()
    with np.errstate(over="ignore"):
        activation.bend(Z, A, out, bent)
    np.testing.assert_allclose(bent, psi * slope, rtol=1e-15)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_a_slope_changes_neither_what_it_reads(kind: str) -> None:
    activation = ACTIVATIONS[kind]
    kept, A = Z.copy(), np.empty_like(Z)
    with np.errstate(over="ignore"):
        activation.apply(kept, A)
        before = A.copy()
        activation.slope(kept, A, np.empty_like(Z))
    assert np.array_equal(A, before)
    assert np.array_equal(kept, Z)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_every_activation_has_a_formula_and_a_reference(kind: str) -> None:
    assert ACTIVATIONS[kind].kind == kind
    assert ACTIVATIONS[kind].formula
    assert ACTIVATIONS[kind].reference
