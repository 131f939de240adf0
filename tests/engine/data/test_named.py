"""The real data sets against figures of the literature that were worked out elsewhere."""

from typing import Any, Literal

import numpy as np
import pytest

from app.engine.data.dataset import Table
from app.engine.data.named import TABLES, Anscombe, Cars, Galton, Hubble, Iris, Longley, Penguins

LONGLEY_CERTIFIED = {  # NIST Statistical Reference Datasets, Longley
    "GNP deflator": 15.0618722713733,
    "GNP": -0.358191792925910e-01,
    "unemployed": -2.02022980381683,
    "armed forces": -1.03322686717359,
    "population": -0.511041056535807e-01,
    "year": 1829.15146461355,
    "intercept": -3482258.63459582,
}


def least_squares(table: Table) -> Any:
    """Coefficients, then the intercept, by way of centered features: the raw ones cost Longley nine digits."""
    mean = table.X.mean(axis=1, keepdims=True)
    slopes, *_ = np.linalg.lstsq((table.X - mean).T, table.Y[0] - table.Y[0].mean(), rcond=None)
    return np.append(slopes, table.Y[0].mean() - slopes @ mean[:, 0])


def class_means(table: Table) -> dict[str, list[float]]:
    assert table.classes is not None
    return {
        name: table.X[:, table.Y[0] == label].mean(axis=1).round(3).tolist() for label, name in enumerate(table.classes)
    }


def test_longley_has_the_certified_least_squares_solution() -> None:
    table = Longley().table()
    assert table.X.shape == (6, 16)
    assert (*table.x_names, "intercept") == tuple(LONGLEY_CERTIFIED)
    np.testing.assert_allclose(least_squares(table), list(LONGLEY_CERTIFIED.values()), rtol=1e-10)


def test_longley_leaves_the_certified_residual_standard_deviation() -> None:
    table = Longley().table()
    solution = np.array(list(LONGLEY_CERTIFIED.values()))
    residuals = table.Y[0] - solution[:6] @ table.X - solution[6]
    assert np.sqrt(residuals @ residuals / 9) == pytest.approx(304.854073561965, rel=1e-10)


def test_longley_bears_only_the_tiniest_learning_rates() -> None:
    X = Longley().table().X
    inputs = np.vstack([X, np.ones(16)])
    assert 16 / np.linalg.norm(inputs, 2) ** 2 == pytest.approx(6e-12, rel=0.1)


@pytest.mark.parametrize("set_", ["I", "II", "III", "IV"])
def test_the_sets_of_the_quartet_share_their_statistics(set_: Literal["I", "II", "III", "IV"]) -> None:
    table = Anscombe(set=set_).table()
    x, y = table.X[0], table.Y[0]
    assert len(x) == 11
    assert (x.mean(), x.var(ddof=1)) == (9, 11)
    assert y.mean() == pytest.approx(7.50, abs=0.005)
    assert y.var(ddof=1) == pytest.approx(4.125, abs=0.005)
    assert np.corrcoef(x, y)[0, 1] == pytest.approx(0.816, abs=0.001)
    np.testing.assert_allclose(least_squares(table), [0.500, 3.00], atol=0.005)


def test_the_sets_of_the_quartet_differ_where_they_should() -> None:
    assert np.argmax(Anscombe(set="III").table().Y) == 2  # the outlier, 12.74
    assert Anscombe(set="III").table().Y.max() == 12.74
    assert np.unique(Anscombe(set="IV").table().X).tolist() == [8, 19]
    parabola = Anscombe(set="II").table()
    assert np.abs(np.polyfit(parabola.X[0], parabola.Y[0], 2, full=True)[1]).max() < 1e-4


@pytest.mark.parametrize(
    ("table", "examples", "slope", "intercept"),
    [
        (Cars().table(), 50, 3.9324, -17.5791),  # summary(lm(dist ~ speed)), documentation of R
        (Galton().table(), 928, 0.64629, 23.94153),  # lm(child ~ parent), Friendly & Denis 2005
        (Hubble().table(), 24, 454.16, -40.78),
    ],
    ids=["cars", "galton", "hubble"],
)
def test_the_fitted_line_is_that_of_the_literature(table: Table, examples: int, slope: float, intercept: float) -> None:
    assert table.X.shape == (1, examples)
    fitted = least_squares(table)
    assert fitted[0] == pytest.approx(slope, abs=0.006 if slope > 100 else 5e-5)
    assert fitted[1] == pytest.approx(intercept, abs=0.006 if slope > 100 else 5e-5)


def test_hubbles_constant_through_the_origin_is_424() -> None:
    x, y = Hubble().table().X[0], Hubble().table().Y[0]
    assert x @ y / (x @ x) == pytest.approx(424, abs=0.5)
    assert x[-4:].tolist() == [2.0] * 4  # the Virgo cluster, all at one distance


def test_galtons_children_are_nearer_to_the_mean_than_their_parents() -> None:
    table = Galton().table()
    assert table.X.mean() == pytest.approx(68.31, abs=0.005)
    assert table.Y.mean() == pytest.approx(68.09, abs=0.005)
    assert np.corrcoef(table.X[0], table.Y[0])[0, 1] == pytest.approx(0.4588, abs=5e-5)


def test_irises_have_the_means_of_fishers_paper() -> None:
    table = Iris().table()
    assert table.X.shape == (4, 150)
    assert class_means(table) == {
        "setosa": [5.006, 3.428, 1.462, 0.246],
        "versicolor": [5.936, 2.770, 4.260, 1.326],
        "virginica": [6.588, 2.974, 5.552, 2.026],
    }


def test_irises_are_without_the_two_mistakes_of_the_common_copy() -> None:
    X = Iris().table().X
    assert X[:, 34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert X[:, 37].tolist() == [4.9, 3.6, 1.4, 0.1]


def test_irises_can_be_looked_at_in_two_dimensions() -> None:
    every = Iris().table().X
    np.testing.assert_array_equal(Iris(measures="sepal").table().X, every[:2])
    np.testing.assert_array_equal(Iris(measures="petal").table().X, every[2:])
    assert Iris(measures="petal").table().x_names == ("petal length (cm)", "petal width (cm)")


def test_penguins_have_the_published_means() -> None:
    table = Penguins().table()
    assert table.X.shape == (4, 342)
    assert np.bincount(table.Y[0].astype(int)).tolist() == [151, 68, 123]
    assert class_means(table) == {
        "Adelie": [38.791, 18.346, 189.954, 3700.662],
        "Chinstrap": [48.834, 18.421, 195.824, 3733.088],
        "Gentoo": [47.505, 14.982, 217.187, 5076.016],
    }
    assert len(Penguins(measures="bill").table().X) == 2


def test_every_file_has_its_source_and_every_source_its_file() -> None:
    sources = (TABLES / "SOURCES.md").read_text(encoding="utf-8")
    parts = {part.partition("\n")[0]: part for part in sources.split("\n## ")[1:]}
    assert sorted(parts) == sorted(path.name for path in TABLES.glob("*.csv"))
    for part in parts.values():
        assert all(f"**{word}**" in part for word in ("What", "Source", "Licence", "Checked against"))
