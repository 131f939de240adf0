"""The equations hold: read as NumPy, with the numbers of the quantities they name, they give what they stand for."""

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.anatomy import Anatomy, anatomy
from app.engine.anatomy.equations import STARTS
from app.engine.functions.valleys import Rosenbrock
from app.engine.losses import LOSSES
from app.engine.model import Model
from app.engine.models import deep_network, multivariate_regression, one_hot, two_layer, univariate_regression
from app.engine.optimizers import Adam
from app.engine.penalty import Penalty
from app.engine.plane_objective import PlaneObjective
from tests.engine import reference
from tests.engine.setting import random_start, run_from, some_data

Array = NDArray[np.float64]

X, y = some_data(2, 12)
CLASSES = one_hot((np.arange(12) % 3)[None].astype(np.float64), 3)
LABELS = (y > 0).astype(np.float64)
MODELS: dict[str, Model] = {
    "line": univariate_regression(X[:1], y),
    "plane": multivariate_regression(X, y),
    "two_layer_linear": two_layer(X, y, 3, "identity"),
    "two_layer_sigmoid": two_layer(X, y, 3, "sigmoid"),
    "deep": deep_network(X, y, (4, 3, 2), "tanh", "sigmoid", "huber", Penalty(l1=0.1, l2=0.2)),
    "seed": deep_network(X, y, (4, 3), "sigmoid", "sigmoid", "mean_squared_error", Penalty(l2=0.2)),
    "absolute": deep_network(X, y, (2,), "tanh", None, "mean_absolute_error", Penalty(l1=0.3)),
    "classes": deep_network(X, CLASSES, (4,), "tanh", None, "softmax_cross_entropy", Penalty()),
    "other_output": deep_network(X, y, (3,), "sigmoid", "tanh", "mean_squared_error", Penalty()),
    "bent_line": deep_network(X, y, (), "relu", "softplus", "mean_squared_error", Penalty()),
    "two_classes": deep_network(X, LABELS, (4,), "sigmoid", None, "binary_cross_entropy", Penalty()),
}
MARKED = re.compile(r"\\class\{q-([^{}]+)\}")


def taken_apart(model: Model, folded: bool) -> Anatomy:
    run = run_from(model, random_start(model), batch_size=7)
    run.advance(2)
    return anatomy(model, run.plan, run.state, folded=folded)


def group(latex: str, begin: int) -> int:
    """The place after the brace that closes the one at `begin`."""
    depth = 0
    for place in range(begin, len(latex)):
        depth += {"{": 1, "}": -1}.get(latex[place], 0)
        if depth == 0:
            return place + 1
    raise AssertionError(latex)


def as_python(latex: str) -> str:
    """Products of marked symbols become @, everything else what NumPy has for it."""
    while found := MARKED.search(latex):
        end = group(latex, found.end())
        is_weights_of_folded = found[1].startswith("W_bar") and r"\bar" not in latex[found.end() : end]
        name = f"V('{found[1]}'){'[:,:-1]' if is_weights_of_folded else ''}"
        latex = latex[: found.start()] + name + latex[end:]
    latex = re.sub(r"\{(V\([^{}]*)\}\^\\intercal", r"\1.T", latex)
    latex = re.sub(r"\\frac\{(\d)\}\{(m|2)\}", r"\1/\2*", latex).replace(r"\vec{1}", "ones")
    latex = latex.replace(r"\begin{bmatrix}", "folded(").replace(r"\\ 1 \end{bmatrix}", ")")
    latex = latex.replace(r"l_1 \sum |W|", "l1*size").replace(r"l_2 \sum W^2", "l2*square")
    latex = re.sub(r"l_(\d)", r"l\1*", latex).replace(r"\odot", "*").replace("h'", "h_slope")
    latex = re.sub(r"\\lVert (\S+) \\rVert\^2", r"(\1**2).sum()", latex)
    latex = re.sub(r"\\sum \|([^|]+)\|", r"np.abs(\1).sum()", latex)
    latex = re.sub(r"\\sum (.+?)(?= \+ l\d|$)", r"np.sum(\1)", latex)
    latex = re.sub(r"\[(V\S+) \\mid 0\]", r"beside(\1)", latex)
    latex = re.sub(r"\\(?:operatorname\{(\w+)\}|(\w+))", lambda word: word[1] or word[2], latex)
    latex = latex.replace("left(", "(").replace("right)", ")")
    latex = re.sub(r"(\)|\]|\.T)\s+(?=V|ones)", r"\1 @ ", latex)
    return latex.replace("V('learning_rate') @", "V('learning_rate') *")


def value(model: Model, found: Anatomy, rule: str) -> Array:
    """Of a right-hand side; values of parameters as matrices."""
    told = {quantity.id: np.atleast_2d(quantity.values) for quantity in found.quantities}
    weights = np.concatenate([W[:, :-1].ravel() for W in matrices(model, found)])
    names: dict[str, Any] = {
        "np": np,
        "V": told.__getitem__,
        "m": told["target"].shape[1],
        "ones": np.ones((told["target"].shape[1], 1)),
        "f": reference.ACTIVATIONS[
            model.network.activation if model.network.widths[2:] else model.network.output_activation
        ],
        "g": reference.ACTIVATIONS[model.network.output_activation],
        "sigma": reference.ACTIVATIONS["sigmoid"],
        "softmax": reference.ACTIVATIONS["softmax"],
        "sign": np.sign,
        "h": lambda r: np.where(np.abs(r) <= 1, 0.5 * r * r, np.abs(r) - 0.5),
        "h_slope": lambda r: np.clip(r, -1, 1),
        "folded": lambda rows: np.vstack([rows, np.ones(rows.shape[1])]),
        "beside": lambda W: np.hstack([W, np.zeros((len(W), 1))]),
        "l1": model.penalty.l1,
        "l2": model.penalty.l2,
        "size": np.abs(weights).sum(),
        "square": (weights * weights).sum(),
    }
    result: Array = np.asarray(eval(as_python(rule), names))
    return result


def matrices(model: Model, found: Anatomy) -> list[Array]:
    told = {quantity.id: quantity.values for quantity in found.quantities}
    layers = range(len(model.network.shapes))
    if "W_bar0" in told:
        return [told[f"W_bar{layer}"] for layer in layers]
    theta = model.layout.pack({name: told[name].tolist() for name in model.layout.names})
    return [np.asarray(W) for W in model.network.matrices(theta)]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("folded", [True, False])
def test_every_equation_gives_the_numbers_of_its_quantity(name: str, folded: bool) -> None:
    model = MODELS[name]
    found = taken_apart(model, folded)
    checked = 0
    for quantity in found.quantities:
        if not quantity.rule:
            continue
        if quantity.id == "loss" and "classes" in name:
            continue  # the next test's
        expected = np.atleast_2d(quantity.values)
        result = np.broadcast_to(value(model, found, quantity.rule), expected.shape)
        np.testing.assert_allclose(result, expected, rtol=1e-10, atol=1e-13, err_msg=as_python(quantity.rule))
        checked += 1
    assert checked >= 6


@pytest.mark.parametrize("name", ["classes", "two_classes"])
def test_the_formula_of_a_cross_entropy_gives_the_loss(name: str) -> None:
    found = taken_apart(MODELS[name], folded=True)
    told = {quantity.id: quantity for quantity in found.quantities}
    ŷ, Y = told["prediction"].values, told["target"].values
    terms = Y * np.log(ŷ) + ((1 - Y) * np.log(1 - ŷ) if name == "two_classes" else 0)
    assert told["loss"].values == pytest.approx(-terms.sum() / Y.shape[1])
    assert set(MARKED.findall(told["loss"].rule)) == {"prediction", "target"}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("folded", [True, False])
def test_an_equation_names_what_its_quantity_was_made_of(name: str, folded: bool) -> None:
    for quantity in taken_apart(MODELS[name], folded).quantities:
        named = set(MARKED.findall(quantity.rule))
        assert MARKED.findall(quantity.equation)[0] == quantity.id
        assert named <= set(quantity.made_of)
        if quantity.rule and quantity.id != "loss":  # whose penalty names no single matrix
            assert named == set(quantity.made_of)


def test_every_loss_has_a_start_of_the_backward_pass() -> None:
    assert set(STARTS) == set(LOSSES)


def test_what_an_equation_names_is_defined() -> None:
    for model in MODELS.values():
        found = taken_apart(model, folded=False)
        defined = {definition.partition("(")[0] for definition in found.definitions}
        rules = " ".join(re.sub(r"\\class\{[^}]*\}", "", quantity.rule) for quantity in found.quantities)
        for name in ("f", "g", r"\sigma", r"\operatorname{softmax}", "h", "h'"):
            used = re.search(rf"(?<![\w\\'])({re.escape(name)})\(", rules)
            has_itself = any(f"= {name}(" in definition for definition in found.definitions)
            assert not used or name in defined or has_itself, (name, found.definitions)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("seed", [r"f(z) = \sigma(z) = \frac{1}{1 + e^{-z}}"]),
        ("other_output", [r"f(z) = \sigma(z) = \frac{1}{1 + e^{-z}}", r"g(z) = \tanh(z)"]),
        ("bent_line", [r"f(z) = \log(1 + e^{z})"]),
    ],
)
def test_an_output_that_bends_in_another_way_has_a_function_of_its_own(name: str, expected: list[str]) -> None:
    assert list(taken_apart(MODELS[name], folded=True).definitions) == expected


@pytest.mark.parametrize("name", MODELS)
def test_the_slope_at_the_output_is_that_of_the_function_that_gives_the_prediction(name: str) -> None:
    told = {quantity.id: quantity for quantity in taken_apart(MODELS[name], folded=True).quantities}
    last = len(MODELS[name].network.shapes)
    if slope := told.get(f"slope_Z{last}"):
        assert slope.name.latex.partition("'")[0] == told["prediction"].rule.partition("(")[0]


def test_only_what_the_texts_write_down_has_a_rule() -> None:
    model = MODELS["two_layer_sigmoid"]
    run = run_from(model, random_start(model), Adam())
    told = {quantity.id: quantity for quantity in anatomy(model, run.plan, run.state).quantities}
    assert told["W_bar0"].equation == told["W_bar0"].name.linked
    assert told["change[W_bar0]"].rule == ""
    assert "q-change[W_bar0]" in told["next[W_bar0]"].rule


def test_the_loss_of_a_function_is_the_function_of_its_parameters() -> None:
    objective = PlaneObjective(Rosenbrock())
    run = run_from(objective, np.array([1.0, 2.0]))
    told = {quantity.id: quantity for quantity in anatomy(objective, run.plan, run.state).quantities}
    assert told["loss"].rule == r"f(\class{q-x}{x}, \class{q-y}{y})"
